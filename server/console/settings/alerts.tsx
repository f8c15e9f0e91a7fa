import { Button } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import type { SettingsView } from "../../api/settings.ts";
import { Absence, Card } from "../elements/card.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Field } from "../elements/form/field.tsx";
import form from "../elements/form/form.module.css";
import { isMail } from "../elements/form/mail.ts";
import { KeptFocus } from "../elements/kept-focus.tsx";
import { Note } from "../elements/note.tsx";
import { Row, Rows } from "../elements/rows.tsx";
import { texts } from "../texts/texts.ts";
import { useSaving } from "./answers.ts";
import { NotSaved, Saved } from "./saved.tsx";
import classes from "./settings.module.css";

const { alerts: words } = texts.settings;
const most = 20;

/** Who hears of problems by mail. */
export function Alerts({ settings: { alertTo, mail }, may }: { settings: SettingsView; may: boolean }) {
  return (
    <Card title={words.title}>
      <KeptFocus className={classes.parts}>
        <p className={classes.lead}>{words.lead}</p>
        {!mail && <Note tone="waiting">{words.noMail}</Note>}
        {alertTo.length === 0 && <Absence>{words.nobody}</Absence>}
        {alertTo.length > 0 && (
          <Rows>
            {alertTo.map((address) => (
              <Address key={address} address={address} all={alertTo} may={may} />
            ))}
          </Rows>
        )}
        {may && <Add all={alertTo} />}
      </KeptFocus>
    </Card>
  );
}

function Address({ address, all, may }: { address: string; all: readonly string[]; may: boolean }) {
  const saving = useSaving(words.removed(address));
  return (
    <Row name={<bdi>{address}</bdi>}>
      {may && (
        <DeedButton
          label={words.removeOf(address)}
          busy={texts.settings.saving}
          doing={saving.isPending}
          onDo={() => saving.mutate({ alertTo: all.filter((one) => one !== address) })}
        >
          {words.remove}
        </DeedButton>
      )}
      <NotSaved saving={saving} />
    </Row>
  );
}

function Add({ all }: { all: readonly string[] }) {
  const [typed, type] = useState("");
  const [wrong, tell] = useState<string>();
  const line = useRef<HTMLInputElement>(null);
  const address = typed.trim();
  const saving = useSaving(words.added(address));
  const fault = (): string | undefined => {
    if (!isMail(address)) return words.wrong;
    if (all.some((one) => one.toLowerCase() === address.toLowerCase())) return words.there;
    return all.length >= most ? words.full : undefined;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = fault();
    tell(found);
    if (found) line.current?.focus();
    else if (!saving.isPending) saving.mutate({ alertTo: [...all, address] }, { onSuccess: () => type("") });
  };
  return (
    <form className={form.form} onSubmit={submit} noValidate>
      <Field
        ref={line}
        label={words.add}
        type="email"
        autoComplete="off"
        value={typed}
        error={wrong}
        onChange={({ target }) => {
          type(target.value);
          tell(undefined);
        }}
      />
      <div className={classes.beside}>
        <Button type="submit" size="compact-sm" variant="default" aria-disabled={saving.isPending || undefined}>
          {words.addDo}
        </Button>
        <Saved saving={saving} />
      </div>
      <NotSaved saving={saving} />
    </form>
  );
}
