import { type ReactNode, useEffect, useRef, useState } from "react";
import type { checkAsked, laneView } from "../../api/operations.ts";
import { type AnswerOf, useDeed } from "../api/deed.ts";
import { DeedButton } from "../elements/deed-button.tsx";
import { Deeds } from "../elements/deeds.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import classes from "./lane-deeds.module.css";

interface Lane {
  /** Sending to a dataset, or reading a connection. */
  kind: "sending" | "reading";
  id: string;
  name: string;
  /** What it stands still for. */
  pausedCode: string | undefined;
  /** A bar beside it stops it and lets it go on: the same is not offered twice. */
  barred?: boolean;
}

/** So long the button that resumes says that it undoes what was just done. */
const undoMs = 10_000;

/** Pause or resume, whichever is next; and looking at a CRM now. Whoever may do none of it is shown none. */
export function LaneDeeds({ lane, children }: { lane: Lane; children?: ReactNode }) {
  const { kind, pausedCode, barred = false } = lane;
  const box = useRef<HTMLDivElement>(null);
  const before = useRef(pausedCode);
  const done = useRef(false);
  const [fresh, beFresh] = useState(false);
  const may = useMay("admin");
  useEffect(() => {
    if (!fresh) return;
    const timer = setTimeout(() => beFresh(false), undoMs);
    return () => clearTimeout(timer);
  }, [fresh]);
  // Whoever pauses finds Resume under the focus, and the other way round; what stops by itself takes nobody's focus.
  useEffect(() => {
    if (before.current === pausedCode) return;
    if (done.current && document.activeElement === document.body) box.current?.querySelector("button")?.focus();
    before.current = pausedCode;
    done.current = false;
  }, [pausedCode]);
  const note = (paused: boolean) => {
    done.current = true;
    beFresh(paused);
  };
  if (!may) return null;
  return (
    <>
      {pausedCode === "by_admin" && fresh && <p className={classes.means}>{texts.lanes[kind].means}</p>}
      <Deeds below ref={box}>
        {barred ? null : pausedCode ? (
          <Resume lane={lane} undo={fresh} onDone={() => note(false)} />
        ) : (
          <Pause lane={lane} onDone={() => note(true)} />
        )}
        {kind === "reading" && !pausedCode && <CheckNow id={lane.id} />}
        {children}
      </Deeds>
    </>
  );
}

const nouns = { sending: "datasets", reading: "connections" } as const;
const path = ({ kind, id }: Pick<Lane, "kind" | "id">, verb: string) =>
  `/${nouns[kind]}/${encodeURIComponent(id)}/${verb}`;

function Pause({ lane, onDone }: { lane: Lane; onDone: () => void }) {
  const texted = texts.lanes[lane.kind];
  const pause = useDeed(
    (ask) => ask<AnswerOf<typeof laneView>>(path(lane, "pause")),
    () => texted.paused,
    onDone,
  );
  return (
    <>
      <DeedButton busy={texted.pausing} doing={pause.isPending} onDo={() => pause.mutate(undefined)}>
        {texted.pause}
      </DeedButton>
      {pause.error && <Refusal what={texted.pauseFailed} error={pause.error} />}
    </>
  );
}

interface ResumeProps {
  lane: Pick<Lane, "kind" | "id">;
  variant?: "light" | "filled";
  /** It was paused a moment ago, here. */
  undo?: boolean;
  onDone?: () => void;
}

export function Resume({ lane, variant = "light", undo = false, onDone }: ResumeProps) {
  const texted = texts.lanes[lane.kind];
  const resume = useDeed(
    (ask) => ask<AnswerOf<typeof laneView>>(path(lane, "resume")),
    () => texted.resumed,
    onDone,
  );
  return (
    <>
      <DeedButton
        variant={variant}
        busy={texted.resuming}
        doing={resume.isPending}
        onDo={() => resume.mutate(undefined)}
      >
        {undo ? texts.lanes.undo : texted.resume}
      </DeedButton>
      {resume.error && <Refusal what={texted.resumeFailed} error={resume.error} />}
    </>
  );
}

/** Has the CRM looked at before its turn; the next readings show what came of it. */
export function CheckNow({ id }: { id: string }) {
  const texted = texts.lanes;
  const check = useDeed(
    (ask) => ask<AnswerOf<typeof checkAsked>>(path({ kind: "reading", id }, "check-now")),
    () => texted.checkAsked,
  );
  return (
    <>
      <DeedButton busy={texted.checking} doing={check.isPending} onDo={() => check.mutate(undefined)}>
        {texted.checkNow}
      </DeedButton>
      {check.isSuccess && <span className={classes.done}>{texted.checkAsked}</span>}
      {check.error && <Refusal what={texted.checkFailed} error={check.error} />}
    </>
  );
}
