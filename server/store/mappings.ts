import { type Kysely, type Selectable, sql } from "kysely";
import { Failure } from "../../core/errors.ts";
import type { ConnectionId, StageMapping, TenantId } from "../../core/types.ts";
import type { StageMappingTable, Tables } from "./tables.ts";

export interface SavedMapping {
  readonly mapping: StageMapping;
  readonly savedAt: Date;
  readonly savedBy: string;
}

/** The newest version, or the one that is named. */
export async function findMapping(
  db: Kysely<Tables>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  version?: number,
): Promise<SavedMapping | undefined> {
  const versions = ofConnection(db, tenantId, connectionId);
  const wanted = version === undefined ? versions : versions.where("version", "=", version);
  const row = await wanted.orderBy("version", "desc").limit(1).executeTakeFirst();
  return row && toSaved(row);
}

/** Newest first; `before`: those of a smaller number. */
export async function listMappings(
  db: Kysely<Tables>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  { limit, before }: { readonly limit: number; readonly before?: number },
): Promise<readonly SavedMapping[]> {
  const versions = ofConnection(db, tenantId, connectionId);
  const wanted = before === undefined ? versions : versions.where("version", "<", before);
  return (await wanted.orderBy("version", "desc").limit(limit).execute()).map(toSaved);
}

/** Event names under which the tenant sends stages now, whichever connection, in the order of the alphabet. */
export async function namesInUse(db: Kysely<Tables>, tenantId: TenantId): Promise<readonly string[]> {
  const newest = await db
    .selectFrom("stage_mapping")
    .distinctOn("connection_id")
    .select("body")
    .where("tenant_id", "=", tenantId)
    .orderBy("connection_id")
    .orderBy("version", "desc")
    .execute();
  const sent = newest.flatMap(({ body }) => (body as StageMapping).rules.filter(({ send }) => send));
  return [...new Set(sent.map(({ eventName }) => eventName))].sort((a, b) => a.localeCompare(b, "en"));
}

/** Saves the version after the one it was made from (0: the first). Throws `conflict` when somebody else was faster. */
export async function saveMapping(
  db: Kysely<Tables>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  next: { readonly from: number; readonly mapping: Omit<StageMapping, "version">; readonly savedBy: string },
  now: Date,
): Promise<StageMapping> {
  const mapping: StageMapping = { ...next.mapping, version: next.from + 1 };
  const newest = sql<number>`(select coalesce(max(version), 0) from stage_mapping
    where tenant_id = ${tenantId} and connection_id = ${connectionId})`;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("stage_mapping")
    .columns(["tenant_id", "connection_id", "version", "body", "saved_at", "saved_by"])
    .expression(
      sql`select ${tenantId}, ${connectionId}, ${mapping.version}::int, ${JSON.stringify(mapping)}::jsonb,
        ${now}::timestamptz, ${next.savedBy} where ${newest} = ${next.from}::int`,
    )
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (!numInsertedOrUpdatedRows)
    throw new Failure("conflict", "the stage mapping was changed meanwhile; look at the newest version first");
  return mapping;
}

const ofConnection = (db: Kysely<Tables>, tenantId: TenantId, connectionId: ConnectionId) =>
  db
    .selectFrom("stage_mapping")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("connection_id", "=", connectionId);

const toSaved = (row: Selectable<StageMappingTable>): SavedMapping => ({
  mapping: row.body as StageMapping,
  savedAt: row.saved_at,
  savedBy: row.saved_by,
});
