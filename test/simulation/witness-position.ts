import type { Audit } from "../../core/audit.ts";
import type { Kept } from "../../core/outbox.ts";
import type { ConnectionId } from "../../core/types.ts";
import { type ModelCheckpoint, overlapOf, type Row } from "./model-crm.ts";
import type { ModelLedger } from "./model-ledger.ts";
import { day, minute } from "./plan.ts";
import type { Turn } from "./turn.ts";
import type { ConnectionSite, World } from "./world.ts";

/** Follows how far each connection has been read and compared: what lies behind is settled, and every comparison ends. */
export interface PositionWitness {
  /** Before a page is taken into the ledger: whether the account is read from its beginning. */
  isFirst(turn: Turn, kept: Kept): boolean;
  /** After it was. */
  kept(turn: Turn, kept: Kept): void;
  forget(connection: string): void;
  /** What is still to be read: by the changes, or (`patient`) by a comparison. */
  waits(site: ConnectionSite): { readonly what: string; readonly patient: boolean } | undefined;
}

interface Position {
  readonly phase: "baseline" | "changes";
  readonly at?: ModelCheckpoint;
  readonly audit?: Audit;
}
/** A comparison under way, as the witness counts it. */
interface Run {
  readonly key: string;
  readonly begunAt: number;
  missed: Map<string, number>;
}

export function createPositionWitness(world: World, ledger: ModelLedger): PositionWitness {
  const positions = new Map<string, Position>();
  const runs = new Map<string, Run>();

  const concerns = (site: ConnectionSite, { enteredAt }: Row): boolean => {
    const since = positions.get(site.plan.id)?.audit?.since;
    const from = Math.min(since ? Date.parse(since) : Number.POSITIVE_INFINITY, site.sendFrom.now() ?? Infinity);
    return enteredAt >= Math.max(from, world.plan.calmAt + site.plan.skewMs - 7 * day + 2 * minute);
  };
  return {
    isFirst: ({ lease }, { checkpoint }) =>
      checkpoint !== undefined && checkpoint !== null && positions.get(lease.id)?.phase !== "changes",
    forget: (connection) => {
      positions.delete(connection);
      runs.delete(connection);
    },
    kept({ lease, startedAt }, kept) {
      const site = world.connections.get(lease.id as ConnectionId);
      if (!site || kept.checkpoint === undefined) return;
      const before = positions.get(lease.id);
      const position = kept.checkpoint as Position | null;
      if (position === null) {
        positions.delete(lease.id);
        runs.delete(lease.id);
        return;
      }
      positions.set(lease.id, position);
      passed(site, position);
      compared(site, kept, before?.audit, position.audit, startedAt);
    },
    waits(site) {
      const { plan, crm } = site;
      const unread = crm.rows.filter(
        (row) => !crm.removed.has(row.record.id) && !ledger.knows(plan.id, row.record.id, row.stageId, row.enteredAt),
      );
      const late = unread.find((row) => !row.elusive || row.rung);
      if (late) return { what: `${plan.id} ${late.record.id} ${late.stageId} was never read`, patient: false };
      const hidden = unread.find((row) => concerns(site, row));
      if (hidden)
        return { what: `${plan.id} ${hidden.record.id} ${hidden.stageId}: no comparison has found it`, patient: true };
      const { audit } = positions.get(plan.id) ?? {};
      const overdue = world.time.now() - 2 * plan.pollEveryMs - 5 * minute;
      if (!audit || Date.parse(audit.lightDue) < overdue)
        return { what: `${plan.id}: a comparison was due at ${audit?.lightDue}`, patient: false };
      return undefined;
    },
  };

  /** What lies before the checkpoint is settled. */
  function passed({ crm, plan }: ConnectionSite, { at }: Position): void {
    if (!at || at.pass) return;
    const settledBefore = at.upTo - overlapOf(plan);
    const missed = crm.rows.find(
      (row) =>
        row.changedAt < settledBefore &&
        !row.elusive &&
        !crm.removed.has(row.record.id) &&
        !ledger.knows(plan.id, row.record.id, row.stageId, row.enteredAt),
    );
    if (missed) world.breaks("I6", `${plan.id}: the checkpoint has passed ${missed.record.id} ${missed.stageId}`);
  }

  /** What a comparison says that it saw and missed is what there was to see, and what it brought. */
  function compared(
    site: ConnectionSite,
    kept: Kept,
    before: Audit | undefined,
    after: Audit | undefined,
    startedAt: number,
  ): void {
    const { plan } = site;
    const started = after?.run;
    const fresh = started && started.at === undefined && Object.keys(started.days).length === 0;
    if (fresh || JSON.stringify(before) === JSON.stringify(after)) return;
    const run = runs.get(plan.id) ?? { key: "", begunAt: startedAt, missed: new Map<string, number>() };
    runs.set(plan.id, run);
    for (const { entry, instead } of kept.outcomes) {
      const at = entry.enteredAt.toISOString();
      if (instead !== undefined || entry.filled || at < (after?.since ?? "")) continue;
      run.missed.set(at.slice(0, 10), (run.missed.get(at.slice(0, 10)) ?? 0) + 1);
    }
    for (const { day: name, seen, missed } of kept.reconciled ?? []) {
      const was = site.crm.rows.filter(({ enteredAt }) => new Date(enteredAt).toISOString().startsWith(name));
      const known = was.filter((row) => isCounted(site, row) && row.changedAt < run.begunAt + plan.skewMs);
      if (missed !== (run.missed.get(name) ?? 0))
        world.breaks("I10", `${plan.id} ${name}: ${missed} told as missed, ${run.missed.get(name) ?? 0} brought`);
      if (seen > was.length || (isWhole(before, name) && seen < known.length))
        world.breaks("I10", `${plan.id} ${name}: ${seen} told as seen of ${known.length} to ${was.length}`);
      world.saw("day reconciled");
    }
    if (!started) runs.delete(plan.id);
  }

  /** It was there all the while, as an entry of its own. */
  function isCounted({ crm, plan }: ConnectionSite, { record, stageId, enteredAt }: Row): boolean {
    if (crm.removed.has(record.id)) return false;
    return ledger
      .of(plan.id, record.id)
      .some((entry) => !entry.filled && entry.stageId === stageId && entry.enteredAt.getTime() === enteredAt);
  }
}

/** Whether the comparison was of the whole of this day. */
function isWhole(before: Audit | undefined, name: string): boolean {
  const { run } = before ?? {};
  if (!run) return false;
  const start = Date.parse(name);
  return start >= Date.parse(run.from) && start + day <= Date.parse(run.to);
}
