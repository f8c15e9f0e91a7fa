import { Button } from "@mantine/core";
import { type FormEvent, useId, useRef, useState } from "react";
import type { PersonAsked } from "../../api/people.ts";
import { Choices } from "../elements/form/choices.tsx";
import { Field } from "../elements/form/field.tsx";
import form from "../elements/form/form.module.css";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";

const { person: words } = texts.privacy;
type Way = PersonAsked["by"];
const ways: readonly Way[] = ["mail", "phone", "lead_id", "record"];

interface Props {
  finding: boolean;
  onFind: (asked: PersonAsked) => void;
  /** Something else is being asked for: what was found is somebody else. */
  onChange: () => void;
}

/** Whom somebody asks about. */
export function Search({ finding, onFind, onChange }: Props) {
  const { connections } = useOverview();
  const [by, choose] = useState<Way>("mail");
  const [value, type] = useState("");
  const [connection, connect] = useState("");
  const [object, kind] = useState<string>(words.objects[0] ?? "contact");
  const [tried, tryIt] = useState(false);
  const line = useRef<HTMLInputElement>(null);
  const ids = { account: useId(), object: useId() };
  const text = value.trim();
  const account = by === "record" ? connection || (connections[0]?.id ?? "") : connection;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    tryIt(true);
    if (text === "") return line.current?.focus();
    if (finding) return;
    if (by === "record") onFind({ by, connection: account, object, record: text });
    else onFind({ by, value: text, ...(account && { connection: account }) });
  };
  return (
    <form className={form.form} onSubmit={submit} onChange={onChange} noValidate>
      <Choices
        legend={words.by}
        value={by}
        choices={ways.map((way) => ({ value: way, label: words.ways[way] }))}
        onChoose={choose}
      />
      {by === "record" && (
        <div className={form.field}>
          <label className={form.label} htmlFor={ids.object}>
            {words.object}
          </label>
          <select id={ids.object} className={form.select} value={object} onChange={({ target }) => kind(target.value)}>
            {words.objects.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </div>
      )}
      <Field
        ref={line}
        label={by === "record" ? words.record : words.ways[by]}
        hint={words.hints[by]}
        value={value}
        maxLength={254}
        autoComplete="off"
        error={tried && text === "" ? words.missing : undefined}
        onChange={({ target }) => type(target.value)}
      />
      {connections.length > 0 && (
        <div className={form.field}>
          <label className={form.label} htmlFor={ids.account}>
            {words.account}
          </label>
          <select
            id={ids.account}
            className={form.select}
            value={account}
            onChange={({ target }) => connect(target.value)}
          >
            {by !== "record" && <option value="">{words.everywhere}</option>}
            {connections.map(({ id, crmName, name }) => (
              <option key={id} value={id}>
                {crmName}: {name}
              </option>
            ))}
          </select>
        </div>
      )}
      <Button type="submit" aria-disabled={finding || undefined}>
        {finding ? words.finding : words.find}
      </Button>
    </form>
  );
}
