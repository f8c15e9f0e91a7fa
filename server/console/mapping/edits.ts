import type { MappingDraft, MappingView, PipelineView, StageView } from "../../api/mapping.ts";

/** What is chosen for a stage. */
export interface Chosen {
  readonly eventName: string;
  readonly send: boolean;
  readonly entries: "first" | "every";
}

/** What was changed and is not saved yet. */
export interface Edits {
  readonly stages: ReadonlyMap<string, Chosen>;
  readonly fillSkipped?: boolean;
  readonly sendValue?: boolean;
}
export const untouched: Edits = { stages: new Map() };

export const keyOf = (pipelineId: string, stageId: string): string => JSON.stringify([pipelineId, stageId]);

/** What holds for a stage before anything is changed. A new one is not sent, and has a name only where that is no guess. */
export const savedOf = ({ rule, suggestion, doubt }: StageView): Chosen =>
  rule ?? { eventName: doubt ? "" : (suggestion?.eventName ?? ""), send: false, entries: "first" };

/** A stage as it would be saved. */
export interface Row {
  readonly key: string;
  readonly pipelineId: string;
  readonly stage: StageView;
  readonly chosen: Chosen;
  readonly changed: boolean;
}

export const rowsOf = ({ id, stages }: PipelineView, edits: Edits): readonly Row[] =>
  stages.map((stage) => {
    const key = keyOf(id, stage.id);
    const edit = edits.stages.get(key);
    return { key, pipelineId: id, stage, chosen: edit ?? savedOf(stage), changed: edit !== undefined };
  });

export const allRows = ({ pipelines }: MappingView, edits: Edits): readonly Row[] =>
  pipelines.flatMap((pipeline) => rowsOf(pipeline, edits));

export const same = (one: Chosen, other: Chosen): boolean =>
  one.eventName === other.eventName && one.send === other.send && one.entries === other.entries;

/** The edits with this one; what is changed back is no edit. */
export function withStage(edits: Edits, { key, stage, chosen }: Row, change: Partial<Chosen>): Edits {
  const stages = new Map(edits.stages);
  const next = { ...chosen, ...change };
  if (same(next, savedOf(stage))) stages.delete(key);
  else stages.set(key, next);
  return { ...edits, stages };
}

export function withSwitch(edits: Edits, view: MappingView, name: "fillSkipped" | "sendValue", on: boolean): Edits {
  const { [name]: _, ...rest } = edits;
  return on === view[name] ? rest : { ...rest, [name]: on };
}

export const switchesOf = (view: MappingView, { fillSkipped, sendValue }: Edits) => ({
  fillSkipped: fillSkipped ?? view.fillSkipped,
  sendValue: sendValue ?? view.sendValue,
});

export const isChanged = ({ stages, fillSkipped, sendValue }: Edits): boolean =>
  stages.size > 0 || fillSkipped !== undefined || sendValue !== undefined;

/** As the API takes it: only what is changed. Blanks around a name are nobody's intent. */
export const draftOf = (view: MappingView, edits: Edits): MappingDraft => ({
  rules: allRows(view, edits)
    .filter(({ changed }) => changed)
    .map(({ pipelineId, stage, chosen }) => ({
      pipelineId,
      stageId: stage.id,
      ...chosen,
      eventName: chosen.eventName.trim(),
    })),
  ...switchesOf(view, edits),
});

/** How many of the stages that the mapping knows would be sent. */
export function sizeOf(rows: readonly Row[]): { readonly sent: number; readonly all: number } {
  const known = rows.filter(({ stage, changed }) => stage.state !== "new" || changed);
  return { sent: known.filter(({ chosen }) => chosen.send).length, all: rows.length };
}

/** These edits on a newer version: what it says already is no edit, and what it no longer knows cannot be one. */
export function carriedOver(edits: Edits, newer: MappingView): Edits {
  const rows = new Map(allRows(newer, untouched).map((row) => [row.key, row]));
  const carried = [...edits.stages].reduce((all: Edits, [key, chosen]) => {
    const row = rows.get(key);
    return row ? withStage(all, row, { ...chosen, eventName: chosen.eventName.trim() }) : all;
  }, untouched);
  return (["fillSkipped", "sendValue"] as const).reduce((all, name) => {
    const on = edits[name];
    return on === undefined ? all : withSwitch(all, newer, name, on);
  }, carried);
}

/** All that is shown here, as edits on a newer version: saving them leaves nothing of what it says otherwise. */
export function wholeOver(view: MappingView, edits: Edits, newer: MappingView): Edits {
  const stages = new Map(
    allRows(view, edits)
      .filter(({ stage, changed }) => stage.state !== "new" || changed)
      .map(({ key, chosen }) => [key, chosen]),
  );
  return carriedOver({ stages, ...switchesOf(view, edits) }, newer);
}
