import { Button, Skeleton } from "@mantine/core";
import { useState } from "react";
import type { DeliveryDetail, RedrivePreview, redriven } from "../../api/record.ts";
import { redrivePath, useRedrivePreview } from "../api/answers.ts";
import { type AnswerOf, useDeed } from "../api/deed.ts";
import { DeedButton } from "../elements/deed-button.tsx";
import { toDo } from "../elements/fix.ts";
import { Later } from "../elements/later.tsx";
import { useNow } from "../elements/now.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import { inspect } from "./address.ts";
import { Differences } from "./differences.tsx";
import { Section } from "./drawer.tsx";
import classes from "./send-again.module.css";

/** Sending a refused event again: first what would change, then the deed. */
export function SendAgain({ delivery }: { delivery: DeliveryDetail }) {
  const [open, setOpen] = useState(false);
  const texted = texts.sendAgain;
  const until = new Date(delivery.deadlineAt);
  const leftMs = until.getTime() - useNow();
  const when = texts.time.short(until);
  return (
    <Section title={texted.title}>
      <p className={classes.until}>
        {leftMs > 0 ? texted.until(when, texts.time.relative(leftMs)) : texted.tooLate(when)}
      </p>
      {leftMs > 0 && !open && (
        <Button data-again size="compact-md" variant="filled" onClick={() => setOpen(true)}>
          {texted.open}
        </Button>
      )}
      {leftMs > 0 && open && <Preview delivery={delivery} />}
    </Section>
  );
}

function Preview({ delivery: { datasetId, seq, reason } }: { delivery: DeliveryDetail }) {
  const { data, error, isFetching, refetch } = useRedrivePreview(datasetId, seq);
  // Meta may have taken it long ago.
  const unconfirmed = reason?.code === "unconfirmed";
  const texted = texts.sendAgain;
  if (error) return <Refusal what={texted.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />;
  if (!data)
    return (
      <Later label={texted.looking}>
        <p className={classes.until}>{texted.looking}</p>
        <Skeleton h={120} />
      </Later>
    );
  return <Choice preview={data} unconfirmed={unconfirmed} />;
}

function Choice({ preview, unconfirmed }: { preview: RedrivePreview; unconfirmed: boolean }) {
  const { datasetId, seq, differences, heldBack, unknown } = preview;
  const texted = texts.sendAgain;
  const send = useDeed(
    (ask, as: "it_was" | "rebuilt") => ask<AnswerOf<typeof redriven>>(redrivePath(datasetId, seq), { as }),
    () => texted.queued,
    (now) => inspect({ what: "delivery", dataset: now.datasetId, seq: now.seq }),
  );
  if (heldBack) {
    const todo = toDo(heldBack.fix);
    return (
      <div className={classes.held} data-tone="paused">
        <p className={classes.until}>{texted.heldBack(heldBack.title)}</p>
        {todo && <p className={classes.until}>{texts.record.fix(todo)}</p>}
      </div>
    );
  }
  const changed = differences.length > 0;
  return (
    <>
      {unknown !== undefined && <p className={classes.until}>{texted.unknown(unknown)}</p>}
      {unknown === undefined && !changed && <p className={classes.until}>{texted.same}</p>}
      {changed && <Differences differences={differences} />}
      <p className={classes.until}>{unconfirmed ? texted.sameIdTooLate : texted.sameId}</p>
      <div className={classes.deeds}>
        {changed && (
          <DeedButton
            variant="filled"
            busy={send.variables === "rebuilt" ? texted.sending : texted.rebuilt}
            doing={send.isPending}
            onDo={() => send.mutate("rebuilt")}
          >
            {texted.rebuilt}
          </DeedButton>
        )}
        <DeedButton
          variant={changed ? "default" : "filled"}
          busy={send.variables === "it_was" ? texted.sending : texted.asItWas}
          doing={send.isPending}
          onDo={() => send.mutate("it_was")}
        >
          {texted.asItWas}
        </DeedButton>
      </div>
      {send.error && <Refusal what={texted.refused} error={send.error} />}
    </>
  );
}
