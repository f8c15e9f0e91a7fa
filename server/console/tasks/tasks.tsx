import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { addresses } from "../../api/addresses.ts";
import { DeedButton } from "../elements/deed-button.tsx";
import { KeptFocus } from "../elements/kept-focus.tsx";
import { useSay } from "../elements/saying.tsx";
import { texts } from "../texts/texts.ts";
import { isOpen, type Task, useTasks } from "./answers.ts";
import { ProgressBar } from "./progress-bar.tsx";
import classes from "./tasks.module.css";
import { nameOf, resultOf, shareOf } from "./words.ts";

const { tasks: words } = texts;
const shownFirst = 2;

/** What is under way, on every page that does not tell of it itself; what has ended while somebody watched stays until it is put away. */
export function Tasks() {
  const { data, error } = useTasks();
  const watched = useWatched(data?.tasks);
  const [hidden, hide] = useState<readonly string[]>([]);
  const [all, showAll] = useState(false);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const shown = (data?.tasks ?? []).filter(
    (task) => (isOpen(task) || (watched.has(task.id) && !hidden.includes(task.id))) && !isTold(task, path),
  );
  if (error && !data) return <p className={classes.unknown}>{words.unknown(error.message)}</p>;
  if (shown.length === 0) return null;
  return (
    <section className={classes.tasks} aria-label={words.label}>
      <KeptFocus>
        <ul className={classes.list}>
          {shown.slice(0, all ? undefined : shownFirst).map((task) => (
            <li key={task.id} className={classes.item}>
              <ProgressBar task={task} to={placeOf(task)} />
              {!isOpen(task) && (
                <DeedButton
                  variant="subtle"
                  label={words.hideThis(nameOf(task))}
                  busy={words.hide}
                  doing={false}
                  onDo={() => hide([...hidden, task.id])}
                >
                  {words.hide}
                </DeedButton>
              )}
            </li>
          ))}
        </ul>
      </KeptFocus>
      {shown.length > shownFirst && (
        <Button className={classes.more} size="compact-sm" variant="subtle" onClick={() => showAll(!all)}>
          {all ? words.fewer : words.more(shown.length - shownFirst)}
        </Button>
      )}
    </section>
  );
}

/** Where more of it is told. */
function placeOf({ kind, about: { id } }: Task): string {
  if (kind === "redrive") return addresses.problem.replace("$id", encodeURIComponent(id));
  return kind === "baseline" || kind === "backfill" ? addresses.connections : addresses.privacy;
}

/** The page that lies open tells of it in its own place. */
const isTold = (task: Task, path: string): boolean =>
  placeOf(task) === path && path !== addresses.privacy && (isOpen(task) || task.kind === "redrive");

/** Which of them ran while this page lay open. They are told of as they begin, at each quarter, and as they end. */
function useWatched(tasks: readonly Task[] | undefined): ReadonlySet<string> {
  const say = useSay();
  const queries = useQueryClient();
  const quarters = useRef(new Map<string, number>());
  const [watched, watch] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    for (const task of tasks ?? []) {
      const before = quarters.current.get(task.id);
      const quarter = Math.floor((shareOf(task) ?? 0) * 4);
      if (task.state !== "running") {
        if (quarters.current.delete(task.id)) {
          say(resultOf(task));
          // What it has changed is to show at once.
          for (const changed of ["overview", "problems", "connections", "workspace"])
            void queries.invalidateQueries({ queryKey: [changed] });
        }
      } else if (before === undefined) {
        quarters.current.set(task.id, quarter);
        watch((known) => new Set([...known, task.id]));
        say(words.began(nameOf(task)));
      } else if (quarter > before) {
        quarters.current.set(task.id, quarter);
        say(words.reached(nameOf(task), texts.share(quarter, 4)));
      }
    }
  }, [tasks, say, queries]);
  return watched;
}
