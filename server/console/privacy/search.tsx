import { Button } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import type { PersonAsked } from "../../api/people.ts";
import { Choices } from "../elements/form/choices.tsx";
import { Field } from "../elements/form/field.tsx";
import form from "../elements/form/form.module.css";
import { Select } from "../elements/form/select.tsx";
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
        <Select
          label={words.object}
          value={object}
          choices={words.objects.map((one) => ({ value: one, label: one }))}
          onChoose={kind}
        />
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
        <Select
          label={words.account}
          value={account}
          choices={[
            ...(by === "record" ? [] : [{ value: "", label: words.everywhere }]),
            ...connections.map(({ id, crmName, name }) => ({ value: id, label: `${crmName}: ${name}` })),
          ]}
          onChoose={connect}
        />
      )}
      <Button type="submit" aria-disabled={finding || undefined}>
        {finding ? words.finding : words.find}
      </Button>
    </form>
  );
}
