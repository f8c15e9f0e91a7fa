import { expect, test } from "vitest";
import type { SkipReason } from "../../core/problems.ts";
import { waySteps } from "../../core/way.ts";
import { addConnection } from "../../server/store/connections.ts";
import { addDataset } from "../../server/store/datasets.ts";
import { listDeliveries } from "../../server/store/delivery-list.ts";
import type { DeliveryRow } from "../../server/store/delivery-rows.ts";
import { isWanted, type Place, type Wanted } from "../../server/store/delivery-wanted.ts";
import { saveMapping } from "../../server/store/mappings.ts";
import { at, entry, kept, sent, skipped } from "../conformance/outbox/world.ts";
import { account, acme } from "./store-acme.ts";

const here = acme();
const skips: readonly SkipReason[] = ["stage_ignored", "lead_not_found", "before_live", "too_old"];
const now = at(500);

/** Two accounts and two datasets, pages of the same moment, events that were refused, set aside and sent again. */
async function world(): Promise<void> {
  const { store, tenant } = here;
  const tenantId = tenant.id;
  const second = await addDataset(store.db, { tenantId, metaId: "22222222", name: "Second" }, at(0));
  const place = { ...account, accountId: "second", tenantId, datasetId: second.id };
  const other = await addConnection(store.db, place, at(0));
  const rule = { pipelineId: "p1", position: 1, outcome: "open", send: true, entries: "every" } as const;
  const rules = ["s0", "s1", "s2"].map((stageId) => ({ ...rule, stageId, eventName: stageId }));
  for (const { id } of [here.connection, other]) {
    const next = { from: 0, mapping: { rules, fillSkipped: false, sendValue: false }, savedBy: "usr_a" };
    await saveMapping(store.db, tenantId, id, next, at(0));
  }
  for (let page = 0; page < 12; page += 1) {
    const moment = at(1 + Math.floor(page / 3)); // several pages of one moment
    for (const lease of await store.outbox.claim("read", moment, 10, 60_000)) {
      const first = lease.id === here.connection.id;
      const outcomes = Array.from({ length: 7 }, (_, n) => {
        const of = entry(`${page}-${n}`, `s${(page + n) % 3}`, at(-100 + page));
        const reason = skips[(page * 3 + n) % skips.length] ?? "too_old";
        return (page + 2 * n) % 5 < 2 ? skipped(of, 1, reason) : sent(of);
      });
      const datasetId = first && page % 4 !== 0 ? here.dataset.id : second.id;
      await store.outbox.keep(lease, kept(outcomes, { datasetId }), moment);
      await store.outbox.release(lease, { dueAt: moment }, moment);
    }
  }
  for (const lease of await store.outbox.claim("send", at(10), 10, 60_000)) {
    const sentAt = at(10);
    const dispatch = {
      seqFrom: 1,
      seqTo: 20,
      events: 20,
      tookMs: 5,
      sentAt,
      verdict: "accepted",
      traceId: "T",
    } as const;
    const dead = [
      { seq: 3, reason: "refused_invalid" },
      { seq: 7, reason: "expired" },
      { seq: 11, reason: "refused_invalid" },
    ] as const;
    await store.outbox.advance(lease, { cursor: 20, dispatch, dead, aside: [5, 9] }, at(10));
    await store.outbox.release(lease, {}, at(10));
    await store.outbox.redrive(tenantId, lease.id as never, [{ seq: 11 }], at(11));
  }
}

const wantedOnes = (rows: readonly DeliveryRow[]): readonly Wanted[] => {
  const [connectionIds, datasetIds] = [rows.map((row) => row.connectionId), rows.flatMap((row) => row.datasetId ?? [])];
  const parts: readonly (readonly Wanted[])[] = [
    [{}, ...(["accepted", "waiting", "refused", "not_sent"] as const).map((state) => ({ state }))],
    [{}, ...[...new Set(connectionIds)].map((connectionId) => ({ connectionId }))],
    [{}, { stageId: "s1" }, { pipelineId: "p1", stageId: "s2" }, { eventName: "s0" }, { stageId: "gone" }],
    [{}, { from: at(2), to: at(4) }, { to: at(3) }],
    [{}, ...waySteps.map((step) => ({ step }))],
    [
      {},
      { reasons: ["lead_not_found"] },
      { reasons: ["expired", "too_old"] },
      { reasons: ["refused_invalid"] },
      { reasons: ["before_live", "too_old", "expired"] },
      ...[...new Set(datasetIds)].map((datasetId) => ({ datasetId })),
    ],
  ];
  return parts.reduce<readonly Wanted[]>(
    (all, part) => all.flatMap((one) => part.map((two) => ({ ...one, ...two }))),
    [{}],
  );
};
const keyOf = ({ at: { connectionId, record, place } }: DeliveryRow): string => `${connectionId} ${record} ${place}`;

test("whatever is filtered by, what is shown is what the filter leaves of the whole list, in its order, page by page", async () => {
  await world();
  await here.store.web(here.tenant.id, async (trx) => {
    const { rows, next } = await listDeliveries(trx, here.tenant.id, { wanted: {}, limit: 500, now });
    expect(next).toBeUndefined();
    expect(rows).toHaveLength(12 * 7 * 2);
    expect(new Set(rows.map(keyOf)).size).toBe(rows.length);
    const states = Map.groupBy(rows, ({ state }) => state);
    expect(states.get("refused")).toHaveLength(4);
    // Every thirteenth is enough: the parts have other lengths, so each comes with each.
    const all = wantedOnes(rows).filter((_, n) => n % 13 === 0);
    expect(all.length).toBeGreaterThan(150);
    let shown = 0;
    for (const [n, wanted] of all.entries()) {
      const expected = rows.filter((row) => isWanted(row, wanted)).map(keyOf);
      const limit = [500, 11, 4][n % 3] ?? 4;
      const found: string[] = [];
      let after: Place | undefined;
      do {
        // Without any time, each call looks at as few as it may.
        const asked = { wanted, limit, now, ...(after && { after }), ...(n % 2 === 0 && { budgetMs: 0 }) };
        const page = await listDeliveries(trx, here.tenant.id, asked);
        found.push(...page.rows.map(keyOf));
        after = page.next;
      } while (after);
      expect([wanted, found]).toEqual([wanted, expected]);
      shown += found.length;
    }
    expect(shown).toBeGreaterThan(700);
  });
}, 240_000);
