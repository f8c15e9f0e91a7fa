import type { TenantId } from "../../core/types.ts";
import { type ChangeCount, countChanges } from "../store/figures-changes.ts";
import { type Journey, lastJourneys, sampleEvents } from "../store/figures-events.ts";
import type { Store } from "../store/open.ts";
import { type StageSample, sampleOf } from "./sample.ts";
import { bucketsOf, type Range, type Window, windowOf } from "./window.ts";

/** All that the figures of one workspace and one range are made of. */
export interface Bundle {
  readonly window: Window;
  readonly counts: readonly ChangeCount[];
  readonly sample: readonly StageSample[];
  readonly journeys: readonly Journey[];
}

/** Events that are looked into. */
const sampled = 5_000;
const measured = 1_000;

export async function countBundle(store: Store, tenantId: TenantId, range: Range, now: Date): Promise<Bundle> {
  const window = windowOf(range, now);
  // One after the other: they share a connection of the tenant's own transaction.
  return await store.web(tenantId, async (trx) => {
    const counts = await countChanges(trx, tenantId, window);
    const events = counts.reduce((all, { at, state, count }) => all + (at && state !== "not_sent" ? count : 0), 0);
    const perBucket = events <= sampled ? sampled : Math.floor(sampled / bucketsOf(window).length);
    return {
      window,
      counts,
      sample: sampleOf(await sampleEvents(trx, tenantId, window, perBucket)),
      journeys: await lastJourneys(trx, tenantId, window, measured),
    };
  });
}
