import { Button } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import type { SettingsView } from "../../api/settings.ts";
import { Card } from "../elements/card.tsx";
import { Field } from "../elements/form/field.tsx";
import form from "../elements/form/form.module.css";
import { Labelled } from "../elements/form/labelled.tsx";
import { Fact, Facts } from "../elements/place.tsx";
import { texts } from "../texts/texts.ts";
import { useSaving } from "./answers.ts";
import { NotSaved, Saved } from "./saved.tsx";
import classes from "./settings.module.css";

const { workspace: words, save } = texts.settings;

interface Props {
  settings: SettingsView;
  may: boolean;
}

/** The workspace's name, and the country of phone numbers that name none. */
export function Workspace({ settings, may }: Props) {
  return (
    <Card title={words.title}>
      {may ? (
        <div className={classes.parts}>
          <Name name={settings.name} />
          <Country settings={settings} />
        </div>
      ) : (
        <Facts>
          <Fact term={words.name}>
            <bdi>{settings.name}</bdi>
          </Fact>
          <Fact term={words.country}>{countryName(settings.defaultCountry)}</Fact>
        </Facts>
      )}
    </Card>
  );
}

function Name({ name }: { name: string }) {
  const [typed, type] = useState(name);
  const [first] = useState(name);
  const [tried, tryIt] = useState(false);
  const line = useRef<HTMLInputElement>(null);
  const saving = useSaving();
  const wanted = typed.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    tryIt(true);
    if (wanted === "") line.current?.focus();
    else if (!saving.isPending && wanted !== name) saving.mutate({ name: wanted });
  };
  return (
    <form className={form.form} onSubmit={submit} noValidate>
      <Field
        ref={line}
        label={words.name}
        hint={words.nameHint}
        value={typed}
        maxLength={100}
        autoComplete="off"
        error={tried && wanted === "" ? words.nameMissing : undefined}
        onChange={({ target }) => type(target.value)}
      />
      {name !== first && name !== wanted && <bdi className={form.hint}>{words.now(name)}</bdi>}
      <div className={classes.beside}>
        <Button type="submit" size="compact-sm" aria-disabled={saving.isPending || wanted === name || undefined}>
          {save}
        </Button>
        <Saved saving={saving} />
      </div>
      <NotSaved saving={saving} />
    </form>
  );
}

function Country({ settings: { defaultCountry = "", countries } }: { settings: SettingsView }) {
  const saving = useSaving();
  // What was chosen shows at once, until the server has answered.
  const [draft, choosing] = useState<string>();
  const named = countries
    .map((code) => ({ code, name: countryName(code) }))
    .sort((a, b) => a.name.localeCompare(b.name));
  return (
    <Labelled label={words.country} hint={words.countryHint}>
      {(control) => (
        <>
          <div className={classes.beside}>
            <select
              {...control}
              className={form.select}
              value={draft ?? defaultCountry}
              onChange={({ target: { value } }) => {
                choosing(value);
                saving.mutate({ defaultCountry: value || null }, { onSettled: () => choosing(undefined) });
              }}
            >
              <option value="">{words.none}</option>
              {named.map(({ code, name }) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </select>
            <Saved saving={saving} />
          </div>
          <NotSaved saving={saving} />
        </>
      )}
    </Labelled>
  );
}

const countryName = (code: string | undefined): string => (code ? texts.country(code) : words.none);
