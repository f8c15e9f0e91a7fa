import type { Pool } from "pg";
import { Failure } from "../../../core/errors.ts";
import type { Kept, Lease, Outbox, Outcome } from "../../../core/outbox.ts";
import { instantArray, lines, plainArray, textArray } from "../array.ts";
import { statement } from "../statements.ts";
import { type Query, transact } from "../transact.ts";

const fence = statement("keep-fence");
const append = statement("keep-append");
const events = statement("keep-events");
const entries = statement("keep-entries");
const tallies = statement("keep-tallies");
const checkpoint = statement("keep-checkpoint");
const answered = statement("rings-answered");

export function keep(pool: Pool): Outbox["keep"] {
  return async (lease, kept, now) => {
    const sent = kept.outcomes.filter((outcome) => outcome.outcome === "send");
    const { datasetId } = kept;
    if (sent.length > 0 && !datasetId) throw new TypeError("events need a dataset");
    const changedAt = kept.outcomes.length > 0 ? now : null;
    const first: Query[] = [[fence, lease.tenantId, lease.id, lease.token, kept.ringsUpTo ?? 0, changedAt]];
    if (sent.length > 0) first.push([append, lease.tenantId, datasetId, sent.length, now]);
    try {
      await transact(pool, first, ([held, numbers]) => {
        if (held?.rowCount === 0) throw new Failure("lease_lost");
        if (numbers?.rowCount === 0) throw new Failure("not_found", `dataset ${datasetId}`);
        return rows(lease, kept, now, numbers?.rows[0]?.base);
      });
    } catch (error) {
      // Two readers of one connection, or the same page kept twice: either way ours is void.
      if ((error as { code?: string }).code === "23505")
        throw new Failure("lease_lost", "a stage entry was kept before", { cause: error });
      throw error;
    }
  };
}

function rows(lease: Lease, kept: Kept, now: Date, base: number): readonly Query[] {
  const { tenantId, id } = lease;
  const { outcomes, datasetId, ringsUpTo } = kept;
  const queries: Query[] = [];
  if (outcomes.length > 0) {
    let next = base;
    const numbers = outcomes.map((outcome) => (outcome.outcome === "send" ? next++ : null));
    const sent = outcomes.filter((outcome) => outcome.outcome === "send");
    if (sent.length > 0)
      queries.push([
        events,
        tenantId,
        datasetId,
        now,
        plainArray(numbers.filter((number) => number !== null)),
        instantArray(sent.map(({ entry }) => entry.enteredAt)),
        lines(sent.map(({ payload }) => payload)),
      ]);
    queries.push([
      entries,
      tenantId,
      id,
      now,
      kept.mappingVersion,
      datasetId,
      textArray(outcomes.map(({ entry }) => entry.record.object)),
      textArray(outcomes.map(({ entry }) => entry.record.id)),
      textArray(outcomes.map(({ entry }) => entry.pipelineId)),
      textArray(outcomes.map(({ entry }) => entry.stageId)),
      textArray(outcomes.map(({ entry }) => entry.entry)),
      instantArray(outcomes.map(({ entry }) => entry.enteredAt)),
      textArray(outcomes.map(({ entry }) => entry.timeQuality)),
      plainArray(outcomes.map(({ entry }) => entry.filled)),
      textArray(outcomes.map(named)),
      plainArray(numbers),
    ]);
  }
  const counts = Object.entries(count(kept));
  if (counts.length > 0)
    queries.push([
      tallies,
      tenantId,
      id,
      now.toISOString().slice(0, 10),
      counts.map(([outcome]) => outcome),
      counts.map(([, n]) => n),
    ]);
  if (kept.checkpoint !== undefined) queries.push([checkpoint, tenantId, id, JSON.stringify(kept.checkpoint), now]);
  if (ringsUpTo !== undefined) queries.push([answered, tenantId, id, ringsUpTo]);
  return queries;
}

const named = (outcome: Outcome): string => (outcome.outcome === "send" ? "event" : outcome.reason);

function count({ outcomes, dropped = {} }: Kept): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[named(outcome)] = (counts[named(outcome)] ?? 0) + 1;
  for (const [what, n] of Object.entries(dropped)) counts[`dropped:${what}`] = n;
  return counts;
}
