import { type Kysely, sql } from "kysely";
import type { PersonId, TenantId } from "../../core/types.ts";
import { newId } from "./ids.ts";
import type { Tables } from "./tables.ts";

export interface SavedView {
  readonly id: string;
  readonly name: string;
  readonly filter: Readonly<Record<string, unknown>>;
}

/** In a workspace; more would be no help to anybody. */
export const mostViews = 50;

/** By name. */
export async function listViews(db: Kysely<Tables>, tenantId: TenantId): Promise<readonly SavedView[]> {
  const rows = await db
    .selectFrom("saved_view")
    .select(["id", "name", "filter"])
    .where("tenant_id", "=", tenantId)
    .orderBy("name")
    .execute();
  return rows.map(({ filter, ...row }) => ({ ...row, filter: filter as SavedView["filter"] }));
}

/** Undefined where the name is taken, or there are as many as there may be. */
export async function saveView(
  db: Kysely<Tables>,
  tenantId: TenantId,
  { name, filter, createdBy }: Omit<SavedView, "id"> & { readonly createdBy: PersonId },
  now: Date,
): Promise<SavedView | undefined> {
  const id = newId("vew");
  const { rows } = await sql<{ id: string }>`
    insert into saved_view (tenant_id, id, name, filter, created_at, created_by)
    select ${tenantId}, ${id}, ${name}, ${JSON.stringify(filter)}::jsonb, ${now}::timestamptz, ${createdBy}
    where (select count(*) from saved_view where tenant_id = ${tenantId}) < ${mostViews}
    on conflict (tenant_id, name) do nothing returning id`.execute(db);
  return rows.length > 0 ? { id, name, filter } : undefined;
}

/** False: there is none. */
export async function removeView(db: Kysely<Tables>, tenantId: TenantId, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom("saved_view")
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}
