import { type Kysely, sql } from "kysely";
import type { DatasetId, TenantId } from "../../core/types.ts";
import { type Place, soughtBy, type Wanted } from "./delivery-wanted.ts";
import type { Tables } from "./tables.ts";

/** A part of a dataset's log: numbers between these two, both left out, none of them kept after `latest`. */
export interface Stretch {
  readonly id: DatasetId;
  readonly above: number;
  readonly below: number;
  readonly latest: Date;
}

const highest = Number.MAX_SAFE_INTEGER;
const never = new Date("9999-12-31T00:00:00Z");

/** What of each log is wanted and comes after this place. Along a log the time never falls: instants become numbers here, once. */
export async function stretchesOf(
  db: Kysely<Tables>,
  tenantId: TenantId,
  wanted: Wanted,
  after: Place | undefined,
  since: Date,
): Promise<readonly Stretch[]> {
  const { datasetId, between, to } = wanted;
  const { accepted, waiting, refused } = soughtBy(wanted);
  const onlyWaiting = waiting && !accepted && refused?.length === 0;
  // What is refused is then looked for as far as Meta answered it: what was given up unanswered has not come as far.
  const onlyAnswered = accepted && !waiting;
  const { rows } = await sql<{ id: DatasetId; cursor: number }>`
    select id, cursor_seq as cursor from lane where tenant_id = ${tenantId} and kind = 'send' order by id`.execute(db);
  const parts = rows
    .filter(({ id }) => (datasetId ?? id) === id && (between?.datasetId ?? id) === id)
    .map(({ id, cursor }): Stretch => {
      const latest = [never, ...(to ? [before(to)] : []), ...(between ? [between.latest] : []), ...reached(id, after)];
      return {
        id,
        above: Math.max(onlyWaiting ? cursor : 0, (between?.first ?? 1) - 1),
        below: Math.min(
          after?.datasetId === id ? after.seq : highest,
          onlyAnswered ? cursor + 1 : highest,
          (between?.last ?? highest - 1) + 1,
        ),
        latest: latest.reduce((a, b) => (a < b ? a : b)),
      };
    });
  if (parts.every(({ latest }) => latest === never)) return parts;
  const { rows: numbers } = await sql<{ id: string; below: number }>`
    select t.id, o.seq + 1 as below from ${unnested(parts)}
    cross join lateral (
      select seq from outbox o
      where o.tenant_id = ${tenantId} and o.dataset_id = t.id and o.seq < t.below and o.created_at <= t.latest
        and o.created_at >= ${since}::timestamptz
      order by seq desc limit 1
    ) o`.execute(db);
  const belowOf = new Map(numbers.map(({ id, below }) => [id, below]));
  return parts.flatMap((part) => {
    const below = belowOf.get(part.id);
    return below === undefined ? [] : [{ ...part, below: Math.min(below, part.below) }];
  });
}

/** Of one moment the events of datasets with a higher id come first. */
const reached = (id: DatasetId, after: Place | undefined): readonly Date[] =>
  after ? [id > after.datasetId ? before(after.keptAt) : after.keptAt] : [];

/** Instants are whole milliseconds. */
const before = (at: Date): Date => new Date(at.getTime() - 1);

/** Stretches as rows of `t (id, above, below, latest)`. */
export const unnested = (stretches: readonly Stretch[]) =>
  sql`unnest(${stretches.map(({ id }) => id)}::text[], ${stretches.map(({ above }) => above)}::bigint[],
    ${stretches.map(({ below }) => below)}::bigint[], ${stretches.map(({ latest }) => latest)}::timestamptz[])
    t (id, above, below, latest)`;
