import type { StageObservation, TimeQuality } from "../../core/types.ts";
import { type LeadHistoryRow, type OpportunityHistoryRow, type StagedRow, sources } from "./rows.ts";

interface Entry {
  readonly stageId: string;
  readonly enteredAt: Date;
  readonly timeQuality: TimeQuality;
}
/** In between these two a change must have happened that only its record's last modification dates. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** Every stage the record was in, oldest first; the last is the current one. */
export function observations(
  row: StagedRow,
  entries: readonly Entry[],
  parentId?: string,
): readonly StageObservation[] {
  const { pipelineId } = sources[row.kind];
  return entries
    .filter(({ stageId }) => stageId !== "")
    .map((entry, ordinal) => ({
      record: { object: row.kind, id: row.id },
      pipelineId,
      ...entry,
      // Salesforce's times are whole seconds: the ordinal tells which of two in one second came first.
      version: String(ordinal).padStart(6, "0"),
      ...(parentId ? { parent: { object: "lead", id: parentId } } : {}),
    }));
}

export function farewell(row: StagedRow): StageObservation {
  return {
    record: { object: row.kind, id: row.id },
    pipelineId: sources[row.kind].pipelineId,
    stageId: row.stageId,
    enteredAt: row.stampedAt,
    timeQuality: "modified",
    gone: row.gone ?? "deleted",
  };
}

/**
 * Opportunities have a history by themselves: a row at creation and at each change of stage, amount, probability or close date, so
 * that one stage may come several times in a row. Without any row (older than 24 months) the record's own date serves.
 */
export function opportunityEntries(row: StagedRow, history: readonly OpportunityHistoryRow[]): readonly Entry[] {
  const entries = [...history].sort(byTime).map(({ StageName, CreatedDate }) => exact(StageName, CreatedDate));
  return entries.length > 0 ? withoutRepeats(entries) : [exact(row.stageId, row.enteredAt ?? row.createdAt)];
}

/**
 * Lead histories have a row per change of `Status`, while the administrator has switched tracking on. The first stage is what the
 * first change left, entered when the lead was made. A status that no row explains was entered some time in `span`, and not before
 * the lead was made: the last modification is the best guess.
 */
export function leadEntries(
  row: StagedRow,
  history: readonly LeadHistoryRow[],
  tracked: boolean,
  span: Span,
): readonly Entry[] {
  const changes = inOrder(history);
  const [first] = changes;
  const last = changes.at(-1);
  const entries = first
    ? [exact(first.OldValue, row.createdAt), ...changes.map((change) => exact(change.NewValue, change.CreatedDate))]
    : tracked || row.modifiedAt.getTime() === row.createdAt.getTime()
      ? [exact(row.stageId, row.createdAt)]
      : [];
  // The history is read after the record and may be ahead of it; a later modification says that it is behind.
  const explained = last ? last.NewValue === row.stageId || last.CreatedDate >= row.modifiedAt : entries.length > 0;
  return withoutRepeats(explained ? entries : [...entries, guessed(row, span)]);
}

const exact = (stageId: string | null, enteredAt: Date): Entry => ({
  stageId: stageId ?? "",
  enteredAt,
  timeQuality: "exact",
});

function guessed(row: StagedRow, { from, to }: Span): Entry {
  const at = Math.min(Math.max(row.modifiedAt.getTime(), from.getTime(), row.createdAt.getTime()), to.getTime());
  return { stageId: row.stageId, enteredAt: new Date(at), timeQuality: "modified" };
}

const withoutRepeats = (entries: readonly Entry[]): readonly Entry[] =>
  entries.filter((entry, at) => entry.stageId !== entries[at - 1]?.stageId);

interface Dated {
  readonly Id: string;
  readonly CreatedDate: Date;
}
const byTime = (a: Dated, b: Dated): number =>
  a.CreatedDate.getTime() - b.CreatedDate.getTime() || (a.Id < b.Id ? -1 : a.Id > b.Id ? 1 : 0);

/** Within one second the order is not that of the ids: each change starts where the one before ended. */
function inOrder(history: readonly LeadHistoryRow[]): readonly LeadHistoryRow[] {
  const waiting = [...history].sort(byTime);
  const ordered: LeadHistoryRow[] = [];
  while (waiting.length > 0) {
    const second = waiting.filter((row) => row.CreatedDate.getTime() === waiting[0]?.CreatedDate.getTime());
    const next =
      second.find((row) => row.OldValue === ordered.at(-1)?.NewValue) ??
      second.find((row) => second.every((other) => other.NewValue !== row.OldValue)) ??
      second[0];
    if (!next) break;
    ordered.push(next);
    waiting.splice(waiting.indexOf(next), 1);
  }
  return ordered;
}
