import type { Kysely, Selectable } from "kysely";
import type { Dataset, DatasetId, TenantId } from "../../core/types.ts";
import { newId } from "./ids.ts";
import { openLane } from "./lanes.ts";
import type { DatasetTable, Tables } from "./tables.ts";

/** The dataset with Meta's number, made with its lane where it is new; a new name replaces the old one. */
export async function addDataset(
  db: Kysely<Tables>,
  { tenantId, metaId, name }: Omit<Dataset, "id">,
  now: Date,
): Promise<Dataset> {
  const row = await db
    .insertInto("dataset")
    .values({ tenant_id: tenantId, id: newId("dst"), meta_id: metaId, name, created_at: now })
    .onConflict((conflict) => conflict.columns(["tenant_id", "meta_id"]).doUpdateSet({ name }))
    .returningAll()
    .executeTakeFirstOrThrow();
  const dataset = toDataset(row);
  await openLane(db, { tenantId, kind: "send", id: dataset.id }, null);
  return dataset;
}

export async function findDataset(db: Kysely<Tables>, tenantId: TenantId, id: DatasetId): Promise<Dataset | undefined> {
  const row = await ofTenant(db, tenantId).where("id", "=", id).executeTakeFirst();
  return row && toDataset(row);
}

export async function listDatasets(db: Kysely<Tables>, tenantId: TenantId): Promise<readonly Dataset[]> {
  return (await ofTenant(db, tenantId).orderBy("created_at").orderBy("id").execute()).map(toDataset);
}

const ofTenant = (db: Kysely<Tables>, tenantId: TenantId) =>
  db.selectFrom("dataset").selectAll().where("tenant_id", "=", tenantId);

const toDataset = (row: Selectable<DatasetTable>): Dataset => ({
  tenantId: row.tenant_id as TenantId,
  id: row.id as DatasetId,
  metaId: row.meta_id,
  name: row.name,
});
