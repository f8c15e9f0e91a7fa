import type { Kept } from "../../core/outbox.ts";
import type { ConnectionId } from "../../core/types.ts";
import { expected, mayPass } from "./expectation.ts";
import type { ModelLedger } from "./model-ledger.ts";
import type { Turn } from "./turn.ts";
import { judgePage, nameOf } from "./witness-page.ts";
import type { ConnectionSite, World } from "./world.ts";

/** Judges every page that is written by what the CRM holds, and by what the witness itself knows of each record. */
export interface ReadingWitness {
  /** After a page was written. `now` as the worker's clock had it; `first`: the account is read from its beginning. */
  kept(turn: Turn, kept: Kept, now: Date, first: boolean): void;
  /** An entry that was not sent under a rule that holds no longer, if there is one. */
  waits(site: ConnectionSite): string | undefined;
}

export function createReadingWitness(world: World, ledger: ModelLedger): ReadingWitness {
  return {
    kept(turn, kept, now, first) {
      const site = world.connections.get(turn.lease.id as ConnectionId);
      if (!site) return world.breaks("I4", `a page of ${turn.lease.id}, which is no connection`);
      if (kept.outcomes.length === 0) return;
      const mapping = site.mapping
        .during(turn.startedAt, world.time.now())
        .find(({ version }) => version === kept.mappingVersion);
      if (!mapping)
        return world.breaks("I1", `a page was decided by mapping ${kept.mappingVersion}, which is out of force`);
      judgePage({ world, ledger, turn, site, kept, mapping, now: now.getTime(), first });
      account(turn, site);
    },
    waits({ plan, crm, sendFrom, mapping }) {
      for (const row of ledger.all(plan.id)) {
        if (!mayPass.has(row.outcome) || crm.removed.has(row.record.id)) continue;
        const known = ledger.of(plan.id, row.record.id).filter(({ place }) => place < row.place);
        const lead = crm.person(row.record).lead.now();
        const now = world.time.now();
        const found = expected({ entry: row, known, mapping: mapping.now(), sendFrom: sendFrom.now(), lead, now });
        if (found === "send") return `${nameOf(plan.id, row)} was ${row.outcome}, and nobody has looked again`;
      }
      return undefined;
    },
  };

  /** What was read is what was counted and what is known, reason by reason. */
  function account({ lease: { tenantId } }: Turn, { plan }: ConnectionSite): void {
    const seen = summed(ledger.all(plan.id).map(({ outcome }) => [outcome, 1]));
    const rows = world.store.ledger(tenantId, plan.id);
    const kept = summed(rows.map((row) => [row.outcome === "send" ? "event" : row.reason, 1]));
    const counted = summed(
      [...world.store.tallies(tenantId, plan.id)].filter(([what]) => !what.startsWith("dropped:")),
    );
    if (seen !== kept || seen !== counted)
      world.breaks("I10", `${plan.id}: seen ${seen}, in the ledger ${kept}, counted ${counted}`);
  }
}

/** `3 event, 1 not_live` */
function summed(counts: readonly (readonly [string, number])[]): string {
  const sums = new Map<string, number>();
  for (const [what, n] of counts) sums.set(what, (sums.get(what) ?? 0) + n);
  return [...sums]
    .filter(([, n]) => n !== 0)
    .map(([what, n]) => `${n} ${what}`)
    .sort()
    .join(", ");
}
