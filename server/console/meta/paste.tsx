import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import type { DatasetChecked, DatasetConnected } from "../../api/datasets.ts";
import { ask, longPatienceMs } from "../api/call.ts";
import { Card } from "../elements/card.tsx";
import { Disclosure } from "../elements/disclosure.tsx";
import { Field } from "../elements/form/field.tsx";
import form from "../elements/form/form.module.css";
import { Refusal } from "../elements/refusal.tsx";
import { useSession } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import { CheckSteps } from "./check-steps.tsx";
import { Fill } from "./fill.tsx";
import classes from "./meta.module.css";

const { paste: words, busy } = texts.meta;

interface Props {
  /** There is no other way: it lies open. */
  alone: boolean;
  onConnected: (dataset: DatasetConnected) => void;
}

/** A dataset id and a token from Events Manager: looked at step by step, then kept. */
export function Paste({ alone, onConnected }: Props) {
  if (alone)
    return (
      <Card title={words.title}>
        <PasteForm onConnected={onConnected} />
      </Card>
    );
  return (
    <Disclosure summary={words.open}>
      <PasteForm onConnected={onConnected} />
    </Disclosure>
  );
}

function PasteForm({ onConnected }: Pick<Props, "onConnected">) {
  const { data: session } = useSession();
  const [metaId, typeId] = useState("");
  const [token, typeToken] = useState("");
  const [tried, tryIt] = useState(false);
  const idLine = useRef<HTMLInputElement>(null);
  const tokenLine = useRef<HTMLInputElement>(null);
  const body = { metaId: metaId.trim(), token: token.trim() };
  const check = useMutation({
    mutationFn: () => ask<DatasetChecked>("/datasets/check", { body, patienceMs: longPatienceMs }),
  });
  const connect = useMutation({
    mutationFn: () => ask<DatasetConnected>("/datasets", { body, patienceMs: longPatienceMs }),
    onSuccess: onConnected,
  });
  const idFault = tried && !/^\d{5,20}$/.test(body.metaId) ? words.idMissing : undefined;
  const tokenFault = tried && body.token === "" ? words.tokenMissing : undefined;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    tryIt(true);
    if (!/^\d{5,20}$/.test(body.metaId)) idLine.current?.focus();
    else if (body.token === "") tokenLine.current?.focus();
    else if (!check.isPending) check.mutate();
  };
  // What was found was found of what stood there.
  const typed = (change: () => void) => {
    change();
    check.reset();
    connect.reset();
  };
  const ready = check.data?.ok === true;
  return (
    <>
      <p className={classes.lead}>{words.lead}</p>
      {session?.sandbox && (
        <Fill
          onFilled={(made) => {
            typed(() => typeId(made.datasetId));
            typeToken(made.token);
          }}
        />
      )}
      <form className={form.form} onSubmit={submit} noValidate>
        <Field
          ref={idLine}
          label={words.id}
          hint={words.idHint}
          error={idFault}
          value={metaId}
          inputMode="numeric"
          autoComplete="off"
          onChange={({ target }) => typed(() => typeId(target.value))}
        />
        <Field
          ref={tokenLine}
          label={words.token}
          hint={words.tokenHint}
          error={tokenFault}
          value={token}
          type="password"
          autoComplete="off"
          onChange={({ target }) => typed(() => typeToken(target.value))}
        />
        <Button type="submit" variant={ready ? "default" : "filled"} aria-disabled={check.isPending || undefined}>
          {check.isPending ? words.checking : words.check}
        </Button>
      </form>
      {(check.isPending || check.data) && <CheckSteps checked={check.data} />}
      {check.error && <Refusal what={words.checkFailed} error={check.error} />}
      {ready && (
        <div className={classes.connect}>
          <Button aria-disabled={connect.isPending || undefined} onClick={() => connect.isPending || connect.mutate()}>
            {connect.isPending ? busy : words.connect(check.data?.name)}
          </Button>
        </div>
      )}
      {connect.error && <Refusal what={words.connectFailed} error={connect.error} />}
    </>
  );
}
