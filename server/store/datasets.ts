import { type Kysely, type Selectable, sql } from "kysely";
import type { Dataset, DatasetId, PersonId, TenantId } from "../../core/types.ts";
import { textArray } from "./array.ts";
import { gather } from "./gather.ts";
import { newId } from "./ids.ts";
import { openLane } from "./lanes.ts";
import type { DatasetTable, Tables } from "./tables.ts";

/** How a dataset is reached. */
export interface Reach {
  /** `login`: by Meta's own sign-in; only such an access can be renewed without a person. */
  readonly via: "pasted" | "login";
  /** Meta's number of the business that granted it. */
  readonly businessId?: string;
  /** Absent: it has no end, or nobody knows. */
  readonly accessEndsAt?: Date;
  /** Who gave the access: the member who pasted it, or the person who signed in at Meta. */
  readonly connectedBy?: PersonId;
}
export type NewDataset = Omit<Dataset, "id"> & { readonly reach?: Reach };
export type ReachedDataset = Dataset & Reach & { readonly disconnectedAt?: Date };

/**
 * The dataset with Meta's number, made with its lane where it is new; a new name and a new way to reach it replace the old
 * ones, and one that was disconnected is connected again.
 */
export async function addDataset(
  db: Kysely<Tables>,
  { tenantId, metaId, name, reach }: NewDataset,
  now: Date,
): Promise<Dataset> {
  const how = {
    via: reach?.via ?? "pasted",
    business_id: reach?.businessId ?? null,
    access_ends_at: reach?.accessEndsAt ?? null,
    connected_by: reach?.connectedBy ?? null,
    disconnected_at: null,
  };
  const row = await db
    .insertInto("dataset")
    .values({ tenant_id: tenantId, id: newId("dst"), meta_id: metaId, name, created_at: now, ...how })
    .onConflict((conflict) => conflict.columns(["tenant_id", "meta_id"]).doUpdateSet({ name, ...how }))
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

export type FindDataset = (tenantId: TenantId, id: DatasetId) => Promise<Dataset | undefined>;

/** The same for all who ask at the same moment, in one question. `offset 0`: as in sql/known.sql. */
export function datasetReader(db: Kysely<Tables>): FindDataset {
  const find = gather(async (asked: readonly Pick<Dataset, "tenantId" | "id">[]) => {
    const { rows } = await sql<Selectable<DatasetTable> & { n: number }>`
      select a.n::int, d.*
      from unnest(${textArray(asked.map(({ tenantId }) => tenantId))}::text[],
        ${textArray(asked.map(({ id }) => id))}::text[]) with ordinality a (tenant_id, id, n)
      join lateral (select * from dataset where tenant_id = a.tenant_id and id = a.id offset 0) d on true`.execute(db);
    const found = new Map(rows.map((row) => [row.n, toDataset(row)]));
    return asked.map((_, n) => found.get(n + 1));
  });
  return (tenantId, id) => find({ tenantId, id });
}

export async function listDatasets(db: Kysely<Tables>, tenantId: TenantId): Promise<readonly Dataset[]> {
  return (await ofTenant(db, tenantId).orderBy("created_at").orderBy("id").execute()).map(toDataset);
}

/** With how each is reached, and until when. */
export async function listReached(db: Kysely<Tables>, tenantId: TenantId): Promise<readonly ReachedDataset[]> {
  return (await ofTenant(db, tenantId).orderBy("created_at").orderBy("id").execute()).map(toReached);
}

/** Over all tenants: datasets reached by login whose access ends before `before`, the next to end first. */
export async function endingByLogin(
  db: Kysely<Tables>,
  before: Date,
  limit: number,
): Promise<readonly ReachedDataset[]> {
  const rows = await db
    .selectFrom("dataset")
    .selectAll()
    .where("via", "=", "login")
    .where("disconnected_at", "is", null)
    .where("access_ends_at", "<", before)
    .orderBy("access_ends_at")
    .limit(limit)
    .execute();
  return rows.map(toReached);
}

/** Undefined: it has no end. */
export async function accessEnd(
  db: Kysely<Tables>,
  { tenantId, id }: Pick<Dataset, "tenantId" | "id">,
): Promise<Date | undefined> {
  const row = await ofTenant(db, tenantId).where("id", "=", id).executeTakeFirst();
  return row?.access_ends_at ?? undefined;
}

/** null: it has no end, or there is none any more. */
export async function noteAccessEnd(
  db: Kysely<Tables>,
  { tenantId, id }: Pick<Dataset, "tenantId" | "id">,
  endsAt: Date | null,
): Promise<void> {
  await db
    .updateTable("dataset")
    .set({ access_ends_at: endsAt })
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .execute();
}

/**
 * Connections that send nowhere yet send to this dataset, if it is the tenant's only one. Test accounts are left out where a
 * real one sends there: they are never mixed unasked.
 */
export async function sendThere(db: Kysely<Tables>, { tenantId, id }: Pick<Dataset, "tenantId" | "id">): Promise<void> {
  const all = await listDatasets(db, tenantId);
  if (all.length !== 1) return;
  const connections = await db
    .selectFrom("connection")
    .select(["id", "sandbox", "dataset_id"])
    .where("tenant_id", "=", tenantId)
    .execute();
  const someReal = connections.some(({ sandbox }) => !sandbox);
  const chosen = connections.filter(({ dataset_id, sandbox }) => dataset_id === null && !(sandbox && someReal));
  if (chosen.length === 0) return;
  await db
    .updateTable("connection")
    .set({ dataset_id: id })
    .where("tenant_id", "=", tenantId)
    .where(
      "id",
      "in",
      chosen.map((connection) => connection.id),
    )
    .execute();
}

const ofTenant = (db: Kysely<Tables>, tenantId: TenantId) =>
  db.selectFrom("dataset").selectAll().where("tenant_id", "=", tenantId);

const toDataset = (row: Selectable<DatasetTable>): Dataset => ({
  tenantId: row.tenant_id as TenantId,
  id: row.id as DatasetId,
  metaId: row.meta_id,
  name: row.name,
});

const toReached = (row: Selectable<DatasetTable>): ReachedDataset => ({
  ...toDataset(row),
  via: row.via,
  ...(row.business_id !== null && { businessId: row.business_id }),
  ...(row.access_ends_at !== null && { accessEndsAt: row.access_ends_at }),
  ...(row.connected_by !== null && { connectedBy: row.connected_by as PersonId }),
  ...(row.disconnected_at !== null && { disconnectedAt: row.disconnected_at }),
});
