import { type ReactNode, useEffect, useRef } from "react";
import type { checkAsked, laneView } from "../../api/operations.ts";
import { type AnswerOf, useDeed } from "../api/deed.ts";
import { Confirming, Means } from "../elements/confirming.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./lane-deeds.module.css";

interface Lane {
  /** Sending to a dataset, or reading a connection. */
  kind: "sending" | "reading";
  id: string;
  name: string;
  /** What it stands still for. */
  pausedCode: string | undefined;
}

/** Pause or resume, whichever is next; and looking at a CRM now. */
export function LaneDeeds({ lane, children }: { lane: Lane; children?: ReactNode }) {
  const { kind, pausedCode } = lane;
  const box = useRef<HTMLDivElement>(null);
  const before = useRef(pausedCode);
  const done = useRef(false);
  const note = () => {
    done.current = true;
  };
  // Whoever pauses finds Resume under the focus, and the other way round; what stops by itself takes nobody's focus.
  useEffect(() => {
    if (before.current === pausedCode) return;
    if (done.current && document.activeElement === document.body) box.current?.querySelector("button")?.focus();
    before.current = pausedCode;
    done.current = false;
  }, [pausedCode]);
  return (
    <div className={classes.deeds} ref={box}>
      {pausedCode ? <Resume lane={lane} onDone={note} /> : <Pause lane={lane} onDone={note} />}
      {kind === "reading" && !pausedCode && <CheckNow id={lane.id} />}
      {children}
    </div>
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
    <Confirming trigger={texted.pause} question={texted.question(lane.name)} cancel={texts.lanes.cancel}>
      {() => (
        <>
          <Means>{texted.means}</Means>
          {pause.error && <Refusal what={texted.pauseFailed} error={pause.error} />}
          <DeedButton
            variant="filled"
            busy={texted.pausing}
            doing={pause.isPending}
            onDo={() => pause.mutate(undefined)}
          >
            {texted.pause}
          </DeedButton>
        </>
      )}
    </Confirming>
  );
}

interface ResumeProps {
  lane: Pick<Lane, "kind" | "id">;
  variant?: "light" | "filled";
  onDone?: () => void;
}

export function Resume({ lane, variant = "light", onDone }: ResumeProps) {
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
        {texted.resume}
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
