import { useEffect, useMemo, useState } from "react";
import type { MappingView } from "../../api/mapping.ts";
import { useCheck } from "./answers.ts";
import {
  type Chosen,
  carriedOver,
  draftOf,
  type Edits,
  isChanged,
  type Row,
  untouched,
  withStage,
  withSwitch,
} from "./edits.ts";

/** How long somebody has to have stopped typing before the server is asked. */
const settledAfterMs = 350;
/** How long switching a stage off can be taken back in one step. */
const undoMs = 10_000;

/** A mapping under somebody's hands: what is changed, and what the server says of it. */
export function useEditing(connection: string, view: MappingView) {
  const [edits, change] = useState<Edits>(untouched);
  const [base, setBase] = useState(view);
  const [ignored, ignore] = useState<Row>();
  // What a newer version says already is no edit any more.
  if (base !== view) {
    setBase(view);
    change(carriedOver(edits, view));
  }
  const draft = useMemo(() => (isChanged(edits) ? draftOf(view, edits) : undefined), [view, edits]);
  const settled = useSettled(draft, settledAfterMs);
  const check = useCheck(connection, settled);
  useEffect(() => {
    if (!ignored) return;
    const timer = setTimeout(() => ignore(undefined), undoMs);
    return () => clearTimeout(timer);
  }, [ignored]);
  return {
    edits,
    draft,
    check,
    /** What the server said is about what is shown. */
    checked: draft !== undefined && settled === draft && !check.isPlaceholderData,
    issues: (draft && check.data?.issues) ?? view.issues,
    /** The stage that was switched off a moment ago. */
    ignored,
    undo() {
      if (ignored) change((now) => withStage(now, ignored, { send: true }));
      ignore(undefined);
    },
    setStage(row: Row, to: Partial<Chosen>) {
      change((now) => withStage(now, row, to));
      if (to.send === false) ignore({ ...row, chosen: { ...row.chosen, send: false } });
      else if (to.send) ignore(undefined);
    },
    setSwitch: (name: "fillSkipped" | "sendValue", on: boolean) => change((now) => withSwitch(now, view, name, on)),
    discard() {
      change(untouched);
      ignore(undefined);
    },
  };
}
export type Editing = ReturnType<typeof useEditing>;

/** The value once it has stayed the same for a while. */
export function useSettled<Value>(value: Value, ms: number): Value {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
