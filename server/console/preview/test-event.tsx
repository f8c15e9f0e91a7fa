import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { addresses } from "../../api/addresses.ts";
import type { TestEventAnswer, TestEventAsked } from "../../api/test-event.ts";
import { ask, longPatienceMs } from "../api/call.ts";
import { Absence } from "../elements/card.tsx";
import { Field } from "../elements/form/field.tsx";
import form from "../elements/form/form.module.css";
import { Note } from "../elements/note.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Link } from "../route/link.tsx";
import { useMay, useSession } from "../session/session.ts";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import type { Chosen } from "./answers.ts";
import type { Entry } from "./event.tsx";
import classes from "./preview.module.css";
import { TestAnswer } from "./test-answer.tsx";

const { test: words } = texts.preview;
const codeForm = /^TEST\d{1,12}$/;

interface Props {
  connection: string;
  chosen: Chosen;
  entry: Entry;
  onAnswer: (answer: TestEventAnswer) => void;
}

/** Sends the event that is shown, once, with a code from Events Manager; and what Meta said. */
export function TestEvent(props: Props) {
  const may = useMay("admin");
  const { datasets } = useOverview();
  return (
    <section aria-label={words.title}>
      <h3 className={classes.title}>{words.title}</h3>
      {datasets.length === 0 && (
        <Absence>
          {words.noDataset} {may && <Link to={addresses.connectMeta}>{words.connectMeta}</Link>}
        </Absence>
      )}
      {datasets.length > 0 && !may && <Absence>{words.viewer}</Absence>}
      {datasets.length > 0 && may && <TestForm {...props} />}
    </section>
  );
}

function TestForm({ connection, chosen, entry: { pipelineId, stageId }, onAnswer }: Props) {
  const { data: session } = useSession();
  const queries = useQueryClient();
  const simulated = session?.sandbox === true;
  const [code, type] = useState(simulated ? "TEST12345" : "");
  const [wrong, tell] = useState<string>();
  const line = useRef<HTMLInputElement>(null);
  const send = useMutation({
    mutationFn: (asked: TestEventAsked) =>
      ask<TestEventAnswer>(`/connections/${connection}/test-event`, { body: asked, patienceMs: longPatienceMs }),
    onSuccess: (answer) => {
      onAnswer(answer);
      void queries.invalidateQueries({ queryKey: ["setup"] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (send.isPending) return;
    const typed = code.trim().toUpperCase();
    if (!codeForm.test(typed)) {
      tell(typed === "" ? words.codeMissing : words.codeWrong);
      line.current?.focus();
      return;
    }
    send.mutate({ ...chosen, pipelineId, stageId, code: typed });
  };
  return (
    <>
      <Note tone="waiting">{words.honest}</Note>
      <form className={classes.test} onSubmit={submit} noValidate>
        <Field
          ref={line}
          label={words.code}
          hint={simulated ? words.codeSandbox : words.codeHint}
          error={wrong}
          value={code}
          maxLength={40}
          autoComplete="off"
          onChange={({ target }) => {
            type(target.value);
            tell(undefined);
          }}
        />
        <div className={form.buttons}>
          <Button type="submit" aria-disabled={send.isPending || undefined}>
            {send.isPending ? words.sending : send.data ? words.again : words.send}
          </Button>
        </div>
      </form>
      {send.error && <Refusal what={words.failed} error={send.error} />}
      {send.data && !send.isPending && <TestAnswer answer={send.data} simulated={simulated} />}
    </>
  );
}
