import { useId, useLayoutEffect, useRef } from "react";
import type { TaskView } from "../../api/tasks.ts";
import { useDeed } from "../api/deed.ts";
import { DeedButton } from "../elements/deed-button.tsx";
import { Moment } from "../elements/moment.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Link } from "../route/link.tsx";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import { isOpen, type Task } from "./answers.ts";
import classes from "./progress-bar.module.css";
import { GoOn, StopReading } from "./reading-deeds.tsx";
import { isReading, nameOf, progressOf, resultOf, shareOf } from "./words.ts";

const { tasks: words } = texts;

interface Props {
  task: Task;
  /** Where more of it is told. */
  to?: string | undefined;
  /** What it is called where everything else is said around it. */
  title?: string;
}

/** Long work: what it is, how far, how fast, for how long still; and its end before its time. */
export function ProgressBar({ task, to, title }: Props) {
  const id = useId();
  const { about, by, stopped } = task;
  const name = nameOf(task);
  const moves = task.state === "running" && task.why === undefined;
  return (
    <div className={classes.task} data-tone={toneOf(task)}>
      <div className={classes.head}>
        <p className={classes.name} id={id}>
          {to ? <Link to={to}>{name}</Link> : (title ?? name)}
          {about.name && !title && <bdi className={classes.place}>{about.name}</bdi>}
        </p>
        <Deed task={task} />
      </div>
      <Track task={task} labelledBy={id} still={!moves} />
      <p className={classes.facts}>
        {isOpen(task) ? progressOf(task).map((fact) => <span key={fact}>{fact}</span>) : <span>{resultOf(task)}</span>}
        {stopped?.by.name && (
          <span>
            {words.stoppedBy} <bdi>{stopped.by.name}</bdi>, <Moment at={stopped.at} />
          </span>
        )}
        {task.state === "running" && by?.name && (
          <span>
            {words.by} <bdi>{by.name}</bdi>
          </span>
        )}
      </p>
    </div>
  );
}

function Track({ task, labelledBy, still }: { task: Task; labelledBy: string; still: boolean }) {
  const share = shareOf(task);
  const percent = share === undefined ? undefined : Math.round(share * 100);
  return (
    <div
      className={classes.track}
      role="progressbar"
      aria-labelledby={labelledBy}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={progressOf(task).join(", ")}
      data-open={share === undefined && !still ? true : undefined}
    >
      {share !== undefined && share > 0 && <span className={classes.done} style={{ width: `${share * 100}%` }} />}
    </div>
  );
}

/** Its end before its time, or its going on; whoever may do neither is shown neither. */
function Deed({ task }: { task: Task }) {
  const may = useMay("admin");
  const box = useRef<HTMLDivElement>(null);
  const mine = useRef(false);
  const { canStop, canResume } = task;
  // Whoever stops it finds Go on under the focus, and the other way round; what others do takes nobody's focus.
  useLayoutEffect(() => {
    if (mine.current && document.activeElement === document.body && (canStop || canResume))
      box.current?.querySelector("button")?.focus();
    mine.current = false;
  }, [canStop, canResume]);
  if (!may || !(canStop || canResume)) return null;
  const onDone = () => {
    mine.current = true;
  };
  return (
    <div className={classes.deed} ref={box}>
      {canResume && <GoOn task={task} onDone={onDone} />}
      {canStop && (isReading(task) ? <StopReading task={task} onDone={onDone} /> : <Stop task={task} />)}
    </div>
  );
}

function Stop({ task }: { task: Task }) {
  const stop = useDeed(
    (ask) => ask<TaskView>(`/tasks/${encodeURIComponent(task.id)}/stop`),
    (stopped) => resultOf(stopped),
  );
  return (
    <>
      <DeedButton
        label={words.stopThis(nameOf(task))}
        busy={words.stopping}
        doing={stop.isPending}
        onDo={() => stop.mutate(undefined)}
      >
        {words.stop}
      </DeedButton>
      {stop.error && <Refusal what={words.stopFailed} error={stop.error} />}
    </>
  );
}

function toneOf({ state, why }: Pick<Task, "state" | "why">): string {
  if (state === "running") return why ? (why.code === "crm_disconnected" ? "problem" : "waiting") : "setup";
  return state === "done" ? "live" : state === "failed" ? "problem" : "paused";
}
