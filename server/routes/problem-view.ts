import { kindOf } from "../../core/open-problems.ts";
import { problemOf } from "../../core/problems.ts";
import { inNumbers, sentenceOf } from "../../core/sentences.ts";
import { teller } from "../../core/status.ts";
import type { DatasetId } from "../../core/types.ts";
import type { ProblemView } from "../api/problems.ts";
import { muteOf, type ProblemRow, stateOf } from "../store/problems.ts";
import type { RefusalCause } from "../store/refused.ts";
import type { ApiParts } from "./api-route.ts";
import { somebody } from "./somebody.ts";

/** What a problem is told with beside its own row. */
export interface Telling {
  readonly now: Date;
  readonly zone: string;
  readonly names: ReadonlyMap<string, string>;
  /** What connections and datasets stand still for. */
  readonly still: ReadonlyMap<string, string>;
}

export function problemViewOf(row: ProblemRow, { now, zone, names, still }: Telling, parts: ApiParts): ProblemView {
  const { title, effect, fix, acts, meanwhile } = problemOf(row.code);
  const { name, words, acknowledged, connector, since, ended } = row.details;
  const crmName = parts.connectors.get(connector ?? "")?.manifest.crmName;
  const trouble = {
    ...row,
    since: since === undefined ? row.opened_at : new Date(since),
    ...(row.deadline_at && { deadlineAt: row.deadline_at }),
    ...(crmName !== undefined && { crmName }),
  };
  const tell = teller(now, zone);
  const muted = row.closed_at ? undefined : muteOf(row, now);
  return {
    id: row.id,
    code: row.code,
    kind: kindOf(row.cause),
    state: stateOf(row, now),
    title,
    sentence: sentenceOf(trouble, now, tell),
    numbers: inNumbers(trouble, now, tell),
    effect,
    fix,
    acts,
    ...(meanwhile !== undefined && { meanwhile }),
    ...(row.about !== null && { about: row.about }),
    ...(name !== undefined && { name }),
    ...(crmName !== undefined && { crmName }),
    ...(connector !== undefined && { connector }),
    affected: row.affected,
    since: trouble.since.toISOString(),
    openedAt: row.opened_at.toISOString(),
    ...(row.closed_at && { closedAt: row.closed_at.toISOString(), ...(ended && { ended }) }),
    ...(row.deadline_at && { deadlineAt: row.deadline_at.toISOString() }),
    ...(acknowledged && { acknowledged: { at: acknowledged.at, by: somebody(acknowledged.by, names) } }),
    ...(muted && { muted: { at: muted.at, until: muted.until, by: somebody(muted.by, names) } }),
    standsStill: !row.closed_at && still.get(row.about ?? "") === row.code,
    canRedrive: !row.closed_at && causeOf(row) !== undefined,
    ...(words && { words }),
  };
}

/** Whose names its view tells. */
export const peopleIn = ({ details: { acknowledged, muted } }: ProblemRow): readonly (string | null)[] => [
  acknowledged?.by ?? null,
  muted?.by ?? null,
];

/** What its events were refused for; undefined where it is about something else. */
export function causeOf({ details: { datasetId, reason, code, subcode } }: ProblemRow): RefusalCause | undefined {
  if (datasetId === undefined || reason === undefined) return undefined;
  return { datasetId: datasetId as DatasetId, reason, code: code ?? null, subcode: subcode ?? null };
}
