import type { TenantId } from "../../core/types.ts";
import type { Range } from "../api/figures.ts";
import type { ChangeCount } from "../store/figures-changes.ts";
import { type Journey, lastJourneys, sampleEvents } from "../store/figures-events.ts";
import type { Store } from "../store/open.ts";
import { type StageSample, sampleOf } from "./sample.ts";
import type { settledDays } from "./settled.ts";
import { type Window, windowOf } from "./window.ts";

/** Changes of one bucket of the window; `at` is its beginning, null where it lies in the time before. */
export interface Counted extends ChangeCount {
  readonly at: Date | null;
}

/** All that the figures of one workspace and one range are made of. */
export interface Bundle {
  readonly window: Window;
  readonly counts: readonly Counted[];
  readonly sample: readonly StageSample[];
  readonly journeys: readonly Journey[];
}

/** Events that are looked into, and those of each dataset whose way is measured. */
const sampled = 2_000;
const measured = 1_000;

export async function countBundle(
  store: Pick<Store, "web">,
  countDays: ReturnType<typeof settledDays>,
  { tenantId, range, now }: { readonly tenantId: TenantId; readonly range: Range; readonly now: Date },
): Promise<Bundle> {
  const window = windowOf(range, now);
  const { buckets, before } = window;
  // One after the other: they share a connection of the tenant's own transaction.
  return await store.web(tenantId, async (trx) => {
    const spans = [...before.buckets, ...buckets];
    const found = await countDays(trx, tenantId, spans, now);
    const counts = found.flatMap((rows, n) => {
      const at = n < before.buckets.length ? null : (spans[n]?.from ?? null);
      return rows.map((row) => ({ ...row, at }));
    });
    const perBucket = eventsIn(counts) <= sampled ? sampled : Math.floor(sampled / buckets.length);
    return {
      window,
      counts,
      sample: sampleOf(await sampleEvents(trx, tenantId, window, perBucket)),
      journeys: await lastJourneys(trx, tenantId, window, measured),
    };
  });
}

/** Changes of the window itself that were made into events. */
export const eventsIn = (counts: readonly Counted[]): number =>
  counts.reduce((all, { at, state, count }) => all + (at && state !== "not_sent" ? count : 0), 0);
