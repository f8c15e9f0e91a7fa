import { randomBytes } from "node:crypto";
import type { Kysely, Selectable } from "kysely";
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
  const made: Tenant = { alertTo: [], ...tenant, id, eventKey: randomBytes(32).toString("hex") };
  await db
    .insertInto("tenant")
    .values({
      id: made.id,
      name: made.name,
      event_key: made.eventKey,
      default_country: made.defaultCountry ?? null,
      allowed_keys: [...made.allowedKeys],
      alert_to: [...made.alertTo],
      created_at: now,
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
  return (await findTenant(db, id)) ?? made;
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

export const toTenant = (row: Selectable<TenantTable>): Tenant => ({
  id: row.id as TenantId,
  name: row.name,
  eventKey: row.event_key,
  ...(row.default_country !== null && { defaultCountry: row.default_country }),
  allowedKeys: row.allowed_keys as MatchKey[],
  alertTo: row.alert_to,
});
