import { Button } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import type { ProvidersView } from "../../api/providers.ts";
import { Absence, Card } from "../elements/card.tsx";
import { Choices } from "../elements/form/choices.tsx";
import { Field } from "../elements/form/field.tsx";
import form from "../elements/form/form.module.css";
import { texts } from "../texts/texts.ts";
import { Scopes } from "./scopes.tsx";
import { fitsHost, ownHost, type ReturnTo, startAddress } from "./start-address.ts";

type ProviderView = ProvidersView["providers"][number];
const { signIn: words } = texts;

/** One CRM: where to sign in to it, what is asked for there, and the way. */
export function Provider({ provider, returnTo }: { provider: ProviderView; returnTo: ReturnTo | undefined }) {
  const { crmName, configured, places, ownHosts, scopes } = provider;
  const [first] = places;
  const [place, choose] = useState(first?.id ?? "");
  const [host, type] = useState("");
  const [wrong, tell] = useState<string>();
  const line = useRef<HTMLInputElement>(null);

  const leave = (event: FormEvent) => {
    event.preventDefault();
    if (place === ownHost && ownHosts && !fitsHost(host, ownHosts)) {
      tell(words.hostWrong);
      line.current?.focus();
      return;
    }
    location.assign(startAddress(provider, place, host, returnTo));
  };
  const choices = [
    ...places.map(({ id, label }) => ({ value: id, label })),
    ...(ownHosts ? [{ value: ownHost, label: words.ownHost }] : []),
  ];
  return (
    <Card title={crmName}>
      {!configured && <Absence>{words.notConfigured(crmName)}</Absence>}
      {configured && (
        <form className={form.form} onSubmit={leave} noValidate>
          {choices.length > 1 && (
            <Choices legend={words.where(crmName)} choices={choices} value={place} onChoose={choose} />
          )}
          {place === ownHost && (
            <Field
              ref={line}
              label={words.host}
              hint={words.hostHint}
              error={wrong}
              value={host}
              inputMode="url"
              autoComplete="off"
              onChange={({ target }) => {
                type(target.value);
                tell(undefined);
              }}
            />
          )}
          <Button type="submit">{words.continueWith(crmName)}</Button>
          <Scopes scopes={scopes} />
        </form>
      )}
    </Card>
  );
}
