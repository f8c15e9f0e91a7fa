import type { TaskView } from "../../api/tasks.ts";
import { useDeed } from "../api/deed.ts";
import { Confirming, Means } from "../elements/confirming.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import type { Task } from "./answers.ts";
import { nameOf, resultOf } from "./words.ts";

const { tasks: words } = texts;

interface Props {
  task: Task;
  onDone: () => void;
}

/** Stopping a reading pauses its connection: that is said before it is done. */
export function StopReading({ task, onDone }: Props) {
  const { id, about } = task;
  const crm = about.crmName ?? words.crm;
  const stop = useDeed(
    (ask) => ask<TaskView>(`/tasks/${encodeURIComponent(id)}/stop`),
    (stopped) => resultOf(stopped),
    onDone,
  );
  return (
    <Confirming
      trigger={words.stop}
      label={words.stopThis(nameOf(task))}
      question={words.reading.asked(crm)}
      cancel={words.reading.keep}
    >
      {() => (
        <>
          <Means>{words.reading.pauses(crm)}</Means>
          <Means>{words.reading.stays(crm)}</Means>
          {stop.error && <Refusal what={words.stopFailed} error={stop.error} />}
          <DeedButton variant="filled" busy={words.stopping} doing={stop.isPending} onDo={() => stop.mutate(undefined)}>
            {words.reading.stop}
          </DeedButton>
        </>
      )}
    </Confirming>
  );
}

/** It goes on where it was stopped, and with it the connection. */
export function GoOn({ task, onDone }: Props) {
  const name = nameOf(task);
  const resume = useDeed(
    (ask) => ask<TaskView>(`/tasks/${encodeURIComponent(task.id)}/resume`),
    () => words.began(name),
    onDone,
  );
  return (
    <>
      <DeedButton
        variant="light"
        label={words.goOnWith(name)}
        busy={words.goingOn}
        doing={resume.isPending}
        onDo={() => resume.mutate(undefined)}
      >
        {words.goOn}
      </DeedButton>
      {resume.error && <Refusal what={words.goOnFailed} error={resume.error} />}
    </>
  );
}
