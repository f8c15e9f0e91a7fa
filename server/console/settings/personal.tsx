import { Checkbox } from "@mantine/core";
import { useState } from "react";
import type { MatchKeyName, SettingsView } from "../../api/settings.ts";
import { Card } from "../elements/card.tsx";
import { Choices } from "../elements/form/choices.tsx";
import form from "../elements/form/form.module.css";
import { Fact, Facts } from "../elements/place.tsx";
import { texts } from "../texts/texts.ts";
import { useSaving } from "./answers.ts";
import { NotSaved, Saved } from "./saved.tsx";
import classes from "./settings.module.css";

const { personal: words } = texts.settings;
const every = Object.keys(words.names) as readonly MatchKeyName[];
/** What is chosen first by those who allow contact data. */
const usual: readonly MatchKeyName[] = ["em", "ph", "fn", "ln"];

/** Which contact data may be sent beside the lead id. Each choice is saved at once; one that fails goes back. */
export function Personal({ settings: { allowedKeys }, may }: { settings: SettingsView; may: boolean }) {
  const saving = useSaving();
  const [refused, refuse] = useState(false);
  // What was chosen shows at once, until the server has answered.
  const [draft, choosing] = useState<readonly MatchKeyName[]>();
  const shown = draft ?? allowedKeys;
  const choose = (keys: readonly MatchKeyName[]) => {
    refuse(false);
    choosing(keys);
    saving.mutate({ allowedKeys: [...keys] }, { onSettled: () => choosing(undefined) });
  };
  const turn = (key: MatchKeyName, on: boolean) => {
    const next = every.filter((one) => (one === key ? on : shown.includes(one)));
    if (next.length === 0) refuse(true);
    else choose(next);
  };
  const plus = shown.length > 0;
  if (!may)
    return (
      <Card title={words.title}>
        <p className={classes.lead}>{words.lead}</p>
        <Facts>
          <Fact term={words.legend}>{plus ? words.plus : words.leadId}</Fact>
          {plus && <Fact term={words.keys}>{texts.list(shown.map((key) => words.names[key]))}</Fact>}
        </Facts>
      </Card>
    );
  return (
    <Card title={words.title} aside={<Saved saving={saving} />}>
      <div className={classes.parts}>
        <p className={classes.lead}>{words.lead}</p>
        <Choices
          legend={words.legend}
          value={plus ? "plus" : "lead_id"}
          choices={[
            { value: "lead_id", label: words.leadId, note: words.leadIdNote },
            { value: "plus", label: words.plus, note: words.plusNote },
          ]}
          onChoose={(value) => choose(value === "plus" ? usual : [])}
        />
        {plus && (
          <fieldset className={form.choices}>
            <legend className={form.label}>{words.keys}</legend>
            <div className={classes.keys}>
              {every.map((key) => (
                <Checkbox
                  key={key}
                  label={words.names[key]}
                  checked={shown.includes(key)}
                  onChange={({ currentTarget }) => turn(key, currentTarget.checked)}
                />
              ))}
            </div>
            {refused && (
              <span className={form.error} data-tone="problem" role="alert">
                {words.one}
              </span>
            )}
          </fieldset>
        )}
        <p className={classes.lead}>{words.waiting}</p>
        <NotSaved saving={saving} />
      </div>
    </Card>
  );
}
