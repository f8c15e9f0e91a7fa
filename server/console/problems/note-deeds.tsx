import { useEffect, useState } from "react";
import type { ProblemView } from "../../api/problems.ts";
import { useDeed } from "../api/deed.ts";
import { Confirming, Means } from "../elements/confirming.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { KeptFocus } from "../elements/kept-focus.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import type { Problem } from "./answers.ts";
import classes from "./note-deeds.module.css";
import { Unmute } from "./unmute.tsx";

const { deeds: words } = texts.problems;

/** So long the button that unmutes says that it undoes what was just done. */
const undoMs = 10_000;
const choices = [1, 7, 30] as const;

/** What somebody notes about a problem: that it is seen, and that they want to hear nothing of it for a while. */
export function NoteDeeds({ problem }: { problem: Problem }) {
  const { id, state } = problem;
  const may = useMay("admin");
  const [fresh, beFresh] = useState(false);
  useEffect(() => {
    if (!fresh) return;
    const timer = setTimeout(() => beFresh(false), undoMs);
    return () => clearTimeout(timer);
  }, [fresh]);
  if (!may || state === "resolved") return null;
  return (
    <KeptFocus className={classes.deeds}>
      {state === "open" && <Acknowledge id={id} />}
      {state === "muted" ? (
        <Unmute id={id} undo={fresh} onDone={() => beFresh(false)} />
      ) : (
        <Mute id={id} onDone={() => beFresh(true)} />
      )}
    </KeptFocus>
  );
}

function Acknowledge({ id }: { id: string }) {
  const acknowledge = useDeed(
    (ask) => ask<ProblemView>(`/problems/${encodeURIComponent(id)}/acknowledge`),
    () => words.acknowledged,
  );
  return (
    <>
      <DeedButton busy={words.acknowledging} doing={acknowledge.isPending} onDo={() => acknowledge.mutate(undefined)}>
        {words.acknowledge}
      </DeedButton>
      {acknowledge.error && <Refusal what={words.acknowledgeFailed} error={acknowledge.error} />}
    </>
  );
}

function Mute({ id, onDone }: { id: string; onDone: () => void }) {
  const mute = useDeed(
    (ask, days: number) => ask<ProblemView>(`/problems/${encodeURIComponent(id)}/mute`, { days }),
    ({ muted }) => words.mutedNow(texts.time.short(new Date(muted?.until ?? 0))),
    onDone,
  );
  return (
    <Confirming trigger={words.mute} question={words.muteAsked} cancel={words.cancel}>
      {() => (
        <>
          <Means>{words.muteMeans}</Means>
          {choices.map((days) => (
            <DeedButton
              key={days}
              busy={mute.variables === days ? words.muting : words.days(days)}
              doing={mute.isPending}
              onDo={() => mute.mutate(days)}
            >
              {words.days(days)}
            </DeedButton>
          ))}
          {mute.error && <Refusal what={words.muteFailed} error={mute.error} />}
        </>
      )}
    </Confirming>
  );
}
