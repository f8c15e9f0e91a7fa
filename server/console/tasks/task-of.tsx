import { useTaskAbout } from "./answers.ts";
import { ProgressBar } from "./progress-bar.tsx";
import { nameOf } from "./words.ts";

/** What is under way about this connection, if anything is. */
export function TaskOf({ about, className }: { about: string; className: string | undefined }) {
  const task = useTaskAbout(about);
  if (!task) return null;
  return (
    <div className={className}>
      <ProgressBar task={task} title={nameOf(task)} />
    </div>
  );
}
