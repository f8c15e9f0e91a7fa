import { randomBytes } from "node:crypto";
import { type Kysely, type Selectable, sql } from "kysely";
import type { MatchKey, Tenant, TenantId } from "../../core/types.ts";
import { newId } from "./ids.ts";
import type { Tables, TenantTable } from "./tables.ts";

export type NewTenant = Pick<Tenant, "name" | "defaultCountry" | "allowedKeys"> & Partial<Pick<Tenant, "alertTo">>;

/** One that has this id already is given back as it is. */
export async function createTenant(
  db: Kysely<Tables>,
  tenant: NewTenant,
  now: Date,
  id: TenantId = newId("ten"),
): Promise<Tenant> {
  await addTenant(db, tenant, now, id);
  const made = await findTenant(db, id);
  if (!made) throw new TypeError("a workspace vanished while it was made");
  return made;
}

/** False: there is one of this id already, and it stays as it is. */
export async function addTenant(
  db: Kysely<Tables>,
  { name, defaultCountry, allowedKeys, alertTo = [] }: NewTenant,
  now: Date,
  id: TenantId,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("tenant")
    .values({
      id,
      name,
      event_key: randomBytes(32).toString("hex"),
      default_country: defaultCountry ?? null,
      allowed_keys: [...allowedKeys],
      alert_to: [...alertTo],
      created_at: now,
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export async function findTenant(db: Kysely<Tables>, id: TenantId): Promise<Tenant | undefined> {
  const row = await db.selectFrom("tenant").selectAll().where("id", "=", id).executeTakeFirst();
  return row && toTenant(row);
}

export async function listTenants(db: Kysely<Tables>): Promise<readonly Tenant[]> {
  return (await db.selectFrom("tenant").selectAll().orderBy("created_at").orderBy("id").execute()).map(toTenant);
}

export async function changeTenant(db: Kysely<Tables>, id: TenantId, change: NewTenant): Promise<void> {
  const { name, defaultCountry, allowedKeys, alertTo = [] } = change;
  await db
    .updateTable("tenant")
    .set({
      name,
      default_country: defaultCountry ?? null,
      allowed_keys: [...allowedKeys],
      alert_to: [...alertTo],
    })
    .where("id", "=", id)
    .execute();
}

/** Children before parents. */
const belongings = [
  "saved_view",
  "task",
  "setup_mark",
  "erased",
  "ingest_key",
  "invitation",
  "member",
  "claimed_account",
  "session",
  "authorization_request",
  "install",
  "mail",
  "problem",
  "reconciliation",
  "tally",
  "dead_event",
  "dispatch",
  "outbox",
  "record_stage",
  "checkpoint",
  "inbox",
  "ring",
  "lane",
  "stage_mapping",
  "secret",
  "connection",
  "dataset",
] as const;

/** Everything of this tenant, for ever. In a transaction that is open, or in one of its own. */
export async function forgetTenant(db: Kysely<Tables>, id: TenantId): Promise<void> {
  if (!db.isTransaction) return await db.transaction().execute((trx) => forgetTenant(trx, id));
  for (const table of belongings) await db.deleteFrom(table).where("tenant_id", "=", id).execute();
  // Nobody may delete audit entries; with the workspace they end.
  await db.deleteFrom("tenant").where("id", "=", id).execute();
}

/** When the tenant is erased; null: it stays. False: that is so already, or there is no such tenant. */
export async function endTenant(db: Kysely<Tables>, id: TenantId, at: Date | null): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("tenant")
    .set({ ends_at: at })
    .where("id", "=", id)
    .where("ends_at", at === null ? "is not" : "is", null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function endsAt(db: Kysely<Tables>, id: TenantId): Promise<Date | undefined> {
  const row = await db.selectFrom("tenant").select("ends_at").where("id", "=", id).executeTakeFirst();
  return row?.ends_at ?? undefined;
}

/** What is in a workspace, for whoever is about to erase it. */
export interface Holdings {
  readonly connections: number;
  readonly datasets: number;
  readonly members: number;
  /** Stage changes that were read. */
  readonly changes: number;
  /** Events that are to be sent. */
  readonly waiting: number;
}

export async function holdingsOf(db: Kysely<Tables>, id: TenantId): Promise<Holdings> {
  const { rows } = await sql<Holdings>`
    select (select count(*)::int from connection where tenant_id = ${id}) as connections,
      (select count(*)::int from dataset where tenant_id = ${id}) as datasets,
      (select count(*)::int from member where tenant_id = ${id}) as members,
      (select coalesce(sum(n), 0)::bigint from tally where tenant_id = ${id}) as changes,
      (select coalesce(sum(next_seq - 1 - cursor_seq), 0)::bigint from lane
        where tenant_id = ${id} and kind = 'send') as waiting`.execute(db);
  return rows[0] ?? { connections: 0, datasets: 0, members: 0, changes: 0, waiting: 0 };
}

export const toTenant = (row: Selectable<TenantTable>): Tenant => ({
  id: row.id as TenantId,
  name: row.name,
  eventKey: row.event_key,
  ...(row.default_country !== null && { defaultCountry: row.default_country }),
  allowedKeys: row.allowed_keys as MatchKey[],
  alertTo: row.alert_to,
});
