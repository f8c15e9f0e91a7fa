import { useId } from "react";
import type { TaskView } from "../../api/tasks.ts";
import { useDeed } from "../api/deed.ts";
import { DeedButton } from "../elements/deed-button.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Link } from "../route/link.tsx";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import type { Task } from "./answers.ts";
import classes from "./progress-bar.module.css";
import { nameOf, progressOf, resultOf, shareOf } from "./words.ts";

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
  const { state, about, by } = task;
  const name = nameOf(task);
  const running = state === "running";
  const waits = running && task.why !== undefined;
  return (
    <div className={classes.task} data-tone={toneOf(task)}>
      <div className={classes.head}>
        <p className={classes.name} id={id}>
          {to ? <Link to={to}>{name}</Link> : (title ?? name)}
          {about.name && !title && <bdi className={classes.place}>{about.name}</bdi>}
        </p>
        {running && task.canStop && <Stop task={task} name={name} />}
      </div>
      <Track task={task} labelledBy={id} still={waits} />
      <p className={classes.facts}>
        {running ? progressOf(task).map((fact) => <span key={fact}>{fact}</span>) : <span>{resultOf(task)}</span>}
        {running && by?.name && (
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

function Stop({ task: { id }, name }: { task: Task; name: string }) {
  const may = useMay("admin");
  const stop = useDeed(
    (ask) => ask<TaskView>(`/tasks/${encodeURIComponent(id)}/stop`),
    (stopped) => resultOf(stopped),
  );
  if (!may) return null;
  return (
    <>
      <DeedButton
        label={words.stopThis(name)}
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
  if (state === "running") return why ? (why.code === "by_admin" ? "paused" : "waiting") : "setup";
  return state === "done" ? "live" : state === "failed" ? "problem" : "paused";
}
