import type { Kept, Outcome } from "../../core/outbox.ts";
import type { ConnectionId, StageEntry, StageMapping } from "../../core/types.ts";
import { type Case, expected, expectedFills } from "./expectation.ts";
import { type ModelCheckpoint, overlapOf } from "./model-crm.ts";
import type { Turn } from "./turn.ts";
import type { ConnectionSite, World } from "./world.ts";

/** What the witness itself knows of each record, and judges every page by. */
export interface ReadingWitness {
  /** After a page was written. `now` as the worker's clock had it. */
  kept(turn: Turn, kept: Kept, now: Date): void;
  /** A stage that was filled at the very moment at which it was entered is the same entry. */
  knows(connection: ConnectionId, record: string, stageId: string, enteredAt: number): boolean;
}

export function createReadingWitness(world: World): ReadingWitness {
  const ledgers = new Map<string, Map<string, StageEntry[]>>();
  const ledgerOf = (connection: string): Map<string, StageEntry[]> => {
    const found = ledgers.get(connection) ?? new Map<string, StageEntry[]>();
    ledgers.set(connection, found);
    return found;
  };
  const knows: ReadingWitness["knows"] = (connection, record, stageId, enteredAt) =>
    ledgerOf(connection)
      .get(record)
      ?.some((entry) => entry.stageId === stageId && entry.enteredAt.getTime() === enteredAt) ?? false;

  return {
    knows,
    kept(turn, kept, now) {
      const site = world.connections.get(turn.lease.id as ConnectionId);
      if (!site) return world.breaks("I4", `a page of ${turn.lease.id}, which is no connection`);
      const mapping = site.mapping
        .during(turn.startedAt, world.time.now())
        .find(({ version }) => version === kept.mappingVersion);
      if (!mapping && kept.outcomes.length > 0)
        return world.breaks("I1", `a page was decided by mapping ${kept.mappingVersion}, which is out of force`);
      if (mapping)
        for (const [n, outcome] of kept.outcomes.entries()) judge(turn, site, kept, n, outcome, mapping, now);
      track(turn, site, kept);
      account(turn, site);
      position(site, kept);
    },
  };

  function judge(
    turn: Turn,
    site: ConnectionSite,
    kept: Kept,
    n: number,
    { entry, ...outcome }: Outcome,
    mapping: StageMapping,
    now: Date,
  ): void {
    const { crm, plan } = site;
    const at = entry.enteredAt.getTime();
    const name = `${plan.id} ${entry.record.id} ${entry.stageId} ${entry.filled ? "filled" : at - world.plan.startAt}`;
    const ledger = ledgerOf(plan.id);
    const known = ledger.get(entry.record.id) ?? [];
    const row = crm.rows.find(
      (each) => each.record.id === entry.record.id && each.stageId === entry.stageId && each.enteredAt === at,
    );
    if (!entry.filled && !row) world.breaks("I1", `${name}: the CRM knows no such entry`);
    const previous = kept.outcomes[n - 1];
    if (previous && previous.entry.enteredAt > entry.enteredAt) world.breaks("order", `${name}: behind a later one`);
    const { lead } = crm.person(entry.record);
    const span = [turn.startedAt, world.time.now()] as const;
    const cases = site.sendFrom
      .during(...span)
      .map((sendFrom): Case => ({ entry, known, mapping, sendFrom, lead, now: now.getTime() }));
    const found = outcome.outcome === "send" ? "send" : outcome.reason;
    const possible = new Set(cases.map(expected));
    // Whoever was removed while we read is nobody to send about any more.
    if (crm.removed.has(entry.record.id))
      for (const each of cases) possible.add(expected({ ...each, lead: undefined }));
    if (!possible.has(found)) world.breaks("I1", `${name}: ${found} instead of ${[...possible].join(" or ")}`);
    if (!entry.filled && found === "send") {
      const [first] = cases;
      const mine = new Set(kept.outcomes.slice(0, n).map((earlier) => earlier.entry));
      const fills = known.slice(known.findLastIndex((each) => !each.filled || !mine.has(each)) + 1);
      const wanted = first ? expectedFills({ ...first, known: known.slice(0, known.length - fills.length) }) : [];
      const made = fills.map(({ stageId }) => stageId);
      if (wanted.join() !== made.join())
        world.breaks("order", `${name}: filled ${made.join() || "nothing"} instead of ${wanted.join() || "nothing"}`);
    }
    ledger.set(entry.record.id, [...known, entry]);
    if (outcome.outcome === "send") describe(name, entry, outcome.payload, mapping, lead?.leadId);
  }

  /** What is to be sent says what the CRM says. */
  function describe(name: string, entry: StageEntry, payload: string, mapping: StageMapping, leadId?: string): void {
    const rule = mapping.rules.find(({ stageId }) => stageId === entry.stageId);
    const wanted = [
      `"event_name":"${rule?.eventName}"`,
      `"event_time":${Math.floor(entry.enteredAt.getTime() / 1000)},`,
      ...(leadId && leadId.length >= 15 ? [`"lead_id":${leadId}`] : []),
    ];
    for (const part of wanted) if (!payload.includes(part)) world.breaks("I9", `${name}: the event lacks ${part}`);
  }

  function track(turn: Turn, site: ConnectionSite, kept: Kept): void {
    const dataset = world.datasets.get(site.plan.datasetId);
    if (!dataset) return;
    const log = world.store.events(turn.lease.tenantId, site.plan.datasetId);
    for (const { seq, payload, entry, connectionId } of log.slice(dataset.events.length)) {
      const id = idOf(payload);
      if (world.events.has(id)) world.breaks("I2", `${id} was given twice`);
      if (connectionId !== site.plan.id) world.breaks("I4", `an event of ${connectionId} came with ${site.plan.id}`);
      const tracked = {
        id,
        seq,
        payload,
        enteredAt: entry.enteredAt.getTime(),
        keptAt: world.time.now(),
        dataset: dataset.plan,
        connection: site,
        recordId: entry.record.id,
        receptions: [],
      };
      world.events.set(id, tracked);
      dataset.events.push(tracked);
    }
    if (log.length !== dataset.events.length || (kept.outcomes.length > 0 && kept.datasetId !== site.plan.datasetId))
      world.breaks("I4", `events of ${site.plan.id} did not go to ${site.plan.datasetId}`);
  }

  /** What was read is what was counted and what is known. */
  function account(turn: Turn, { plan }: ConnectionSite): void {
    const seen = [...ledgerOf(plan.id).values()].reduce((sum, entries) => sum + entries.length, 0);
    const ledger = world.store.ledger(turn.lease.tenantId, plan.id).length;
    let counted = 0;
    for (const [what, n] of world.store.tallies(turn.lease.tenantId, plan.id))
      if (!what.startsWith("dropped:")) counted += n;
    if (seen !== ledger || seen !== counted)
      world.breaks("I10", `${plan.id}: ${seen} seen, ${ledger} in the ledger, ${counted} counted`);
  }

  /** What lies before the checkpoint is settled. */
  function position({ crm, plan }: ConnectionSite, { checkpoint }: Kept): void {
    const at = (checkpoint as { at?: ModelCheckpoint } | null | undefined)?.at;
    if (!at || at.pass) return;
    const settledBefore = at.upTo - overlapOf(plan);
    const missed = crm.rows.find(
      (row) =>
        row.changedAt < settledBefore &&
        Number.isFinite(row.searchableAt) &&
        !crm.removed.has(row.record.id) &&
        !knows(plan.id, row.record.id, row.stageId, row.enteredAt),
    );
    if (missed) world.breaks("I6", `${plan.id}: the checkpoint has passed ${missed.record.id} ${missed.stageId}`);
  }
}

export const idOf = (payload: string): string => /"event_id":"([^"]*)"/.exec(payload)?.[1] ?? "";
