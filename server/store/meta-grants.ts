import type { Kysely } from "kysely";
import type { DatasetId, PersonId, TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** Who vouches for people that signed in at Meta; their ids are scoped to our app. */
export const metaIssuer = "https://www.facebook.com";

/** A dataset that somebody gave us access to by signing in at Meta. */
export interface MetaGrant {
  readonly tenantId: TenantId;
  readonly datasetId: DatasetId;
}

/**
 * Over all tenants: what this person at Meta had given us by then. What was given later is not meant by what Meta said before:
 * a callback that comes twice takes away nothing new.
 */
export async function grantsOfMetaUser(db: Kysely<Tables>, userId: string, by: Date): Promise<readonly MetaGrant[]> {
  const rows = await db
    .selectFrom("dataset")
    .innerJoin("person", "person.id", "dataset.connected_by")
    .innerJoin("secret", (join) =>
      join
        .onRef("secret.tenant_id", "=", "dataset.tenant_id")
        .onRef("secret.owner_id", "=", "dataset.id")
        .on("secret.kind", "=", "meta"),
    )
    .select(["dataset.tenant_id as tenantId", "dataset.id as datasetId"])
    .where("person.issuer", "=", metaIssuer)
    .where("person.subject", "=", userId)
    .where("secret.updated_at", "<=", by)
    .execute();
  return rows.map(({ tenantId, datasetId }) => ({
    tenantId: tenantId as TenantId,
    datasetId: datasetId as DatasetId,
  }));
}

/** Forgets who it was. False: nobody of that id was known, or they came again after `by`. */
export async function forgetMetaUser(db: Kysely<Tables>, userId: string, by: Date): Promise<boolean> {
  const person = await db
    .selectFrom("person")
    .select("id")
    .where("issuer", "=", metaIssuer)
    .where("subject", "=", userId)
    .where("seen_at", "<=", by)
    .executeTakeFirst();
  if (!person) return false;
  const id = person.id as PersonId;
  await db.updateTable("dataset").set({ connected_by: null }).where("connected_by", "=", id).execute();
  await db.deleteFrom("person").where("id", "=", id).execute();
  return true;
}

/** That Meta asked for a person to be forgotten, and how much there was: counts, and nothing of whom. */
export interface Deletion {
  readonly id: string;
  readonly at: Date;
  readonly datasets: number;
}
const what = "meta.person_deleted";

export async function findDeletion(db: Kysely<Tables>, id: string): Promise<Deletion | undefined> {
  const row = await db
    .selectFrom("receipt")
    .selectAll()
    .where("id", "=", id)
    .where("what", "=", what)
    .executeTakeFirst();
  return row && { id, at: row.at, datasets: (row.about as { datasets: number }).datasets };
}

export async function addDeletion(db: Kysely<Tables>, { id, at, datasets }: Deletion): Promise<void> {
  await db
    .insertInto("receipt")
    .values({ id, at, what, about: JSON.stringify({ datasets }) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
