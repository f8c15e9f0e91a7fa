import type { ProblemView } from "../../api/problems.ts";
import { useDeed } from "../api/deed.ts";
import { DeedButton } from "../elements/deed-button.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";

const { deeds: words } = texts.problems;

interface Props {
  id: string;
  /** It was muted a moment ago, here. */
  undo?: boolean;
  onDone?: () => void;
}

/** Hear of it again. */
export function Unmute({ id, undo = false, onDone }: Props) {
  const unmute = useDeed(
    (ask) => ask<ProblemView>(`/problems/${encodeURIComponent(id)}/unmute`),
    () => words.unmuted,
    onDone,
  );
  return (
    <>
      <DeedButton busy={words.unmuting} doing={unmute.isPending} onDo={() => unmute.mutate(undefined)}>
        {undo ? words.undo : words.unmute}
      </DeedButton>
      {unmute.error && <Refusal what={words.unmuteFailed} error={unmute.error} />}
    </>
  );
}
