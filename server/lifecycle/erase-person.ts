import { z } from "zod";
import type { Clock } from "../../core/ports.ts";
import type { ConnectionId, RecordRef, TenantId } from "../../core/types.ts";
import { writeAudit } from "../store/audit.ts";
import type { Store } from "../store/open.ts";
import { eraseRecords } from "../store/person-erase.ts";
import { namesIn } from "../store/person-search.ts";
import { askErasure, askedErasures, type Counts, finishErasure, withdrawErasure } from "../store/receipts.ts";
import { endTask, tellProgress } from "../store/task-progress.ts";
import { findTenant } from "../store/tenants.ts";
import { forEach } from "./each.ts";
import { recordsOf, type Search, searchOf } from "./person.ts";

/** What an erasure under way is kept as; nothing of it stays when it is done. */
const Task = z.object({
  tenant: z.string().transform((id) => id as TenantId),
  who: z.string(),
  by: z.enum(["record", "mail", "phone", "lead_id"]),
  connection: z
    .string()
    .transform((id) => id as ConnectionId)
    .optional(),
  record: z.object({ object: z.string(), id: z.string() }).optional(),
  texts: z.array(z.string()),
});

export interface EraseParts {
  readonly store: Pick<Store, "db">;
  readonly clock: Clock;
}

/** Records of one transaction: their lanes wait so long. */
const together = 100;
const perTurn = 20;

/**
 * Notes durably that this person is to be erased, with the names that their record's events have: once that record is erased,
 * nobody could tell any more which others are theirs.
 */
export async function askToErase(
  tenantId: TenantId,
  search: Search,
  who: string,
  { store: { db }, clock }: EraseParts,
): Promise<{ readonly id: string; readonly task: object }> {
  const { record, connection, texts } = search;
  const names = record && connection ? await namesIn(db, tenantId, connection, record) : [];
  const task = { tenant: tenantId, who, ...search, texts: [...texts, ...names] };
  return { id: await askErasure(db, "person", task, clock.now()), task };
}

/** What vendors' webhooks ask for; the chore does it. */
export const eraseAsked =
  (parts: EraseParts) =>
  (tenantId: TenantId, connection: ConnectionId, record: RecordRef, vendor: string): Promise<unknown> =>
    askToErase(tenantId, searchOf({ by: "record", connection, record }, {}), vendor, parts);

/** Does it. Done twice, or gone on with by another process, it comes to the same. */
export async function erasePerson(id: string, task: unknown, parts: EraseParts): Promise<Counts> {
  const { db } = parts.store;
  const { tenant: tenantId, who, by, texts, record, connection } = Task.parse(task);
  const tenant = await findTenant(db, tenantId);
  if (!tenant) {
    await withdrawErasure(db, id); // gone with its workspace
    return {};
  }
  const search: Search = { by, texts, ...(record && { record }), ...(connection !== undefined && { connection }) };
  const found = await recordsOf(tenant, search, parts.store);
  const counts = { records: 0, entries: 0, sent: 0, waiting: 0, givenUp: 0, pushes: 0 };
  // What is over at once nobody needs to watch.
  const tell = async (): Promise<void> => {
    if (found.length <= together) return;
    const soFar = { kind: "erase_person", about: id, done: counts.records, total: found.length } as const;
    await tellProgress(db, tenantId, soFar, async () => who, parts.clock.now());
  };
  await tell();
  for (const [connectionId, of] of Map.groupBy(found, (one) => one.connectionId))
    for (let from = 0; from < of.length; from += together) {
      const records: readonly RecordRef[] = of.slice(from, from + together).map((one) => one.record);
      const held = await eraseRecords(db, tenant, connectionId, records, parts.clock.now());
      counts.records += records.length;
      for (const what of ["entries", "sent", "waiting", "givenUp", "pushes"] as const) counts[what] += held[what];
      await tell();
    }
  await db.transaction().execute(async (trx) => {
    const now = parts.clock.now();
    // Another process may have been at it too: it is finished once.
    if (!(await finishErasure(trx, { id, erasure: "person" }, counts, now))) return;
    await endTask(trx, tenantId, id, counts, now);
    await writeAudit(trx, tenantId, { who, what: "person.erased", about: { receipt: id, by, ...counts } }, now);
  });
  return counts;
}

/** Whoever asked in person is at it; after so long they are not. */
const underWayMs = 120_000;

/** A chore: what a vendor asked for, and what somebody died over. */
export const erasePeople =
  (parts: EraseParts) =>
  async (now: Date): Promise<"more" | undefined> => {
    const asked = await askedErasures(parts.store.db, "person", perTurn);
    const left = asked.filter(
      ({ at, task }) => !Task.parse(task).who.startsWith("usr_") || now.getTime() - at.getTime() >= underWayMs,
    );
    await forEach(left, ({ id, task }) => erasePerson(id, task, parts));
    return left.length === perTurn ? "more" : undefined;
  };
