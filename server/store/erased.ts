import { type Kysely, sql } from "kysely";
import { recordKey } from "../../core/connector.ts";
import { erasedRecord, tombstone } from "../../core/erased.ts";
import type { ConnectionId, RecordRef, Tenant } from "../../core/types.ts";
import { plainArray, textArray } from "./array.ts";
import { gather } from "./gather.ts";
import type { Tables } from "./tables.ts";

/** Which of these records belong to people who were erased, by `recordKey`, and how the ledger calls each since then. */
export type ErasedAmong = (
  tenant: Pick<Tenant, "id" | "eventKey">,
  connectionId: ConnectionId,
  records: readonly RecordRef[],
) => Promise<ReadonlyMap<string, RecordRef>>;

interface Place {
  readonly tenantId: string;
  readonly connectionId: string;
}
interface Asked extends Place {
  readonly hashes: readonly string[];
}

/** One question for all who ask at the same moment. Where nobody was erased, as almost everywhere, no record is hashed. */
export function erasedReader(db: Kysely<Tables>): ErasedAmong {
  const askAny = gather((places: readonly Place[]) => anyErased(db, places));
  const ask = gather((asked: readonly Asked[]) => erasedOf(db, asked), {
    most: 1_000,
    weigh: ({ hashes }) => hashes.length,
  });
  return async (tenant, connectionId, records) => {
    if (!(await askAny({ tenantId: tenant.id, connectionId }))) return new Map();
    const byHash = new Map(records.map((record) => [tombstone(tenant, connectionId, record), record]));
    if (byHash.size === 0) return new Map();
    const erased = await ask({ tenantId: tenant.id, connectionId, hashes: [...byHash.keys()] });
    return new Map(
      erased.flatMap((hash) => {
        const record = byHash.get(hash);
        return record ? [[recordKey(record), erasedRecord(hash)] as const] : [];
      }),
    );
  };
}

async function anyErased(db: Kysely<Tables>, places: readonly Place[]): Promise<readonly boolean[]> {
  const { rows } = await sql<{ n: number }>`
    select a.n::int
    from unnest(${textArray(places.map(({ tenantId }) => tenantId))}::text[],
      ${textArray(places.map(({ connectionId }) => connectionId))}::text[]) with ordinality a (tenant_id, connection_id, n)
    join lateral (
      select from erased where tenant_id = a.tenant_id and connection_id = a.connection_id limit 1
    ) e on true`.execute(db);
  const found = new Set(rows.map(({ n }) => n));
  return places.map((_, n) => found.has(n + 1));
}

async function erasedOf(db: Kysely<Tables>, asked: readonly Asked[]): Promise<readonly (readonly string[])[]> {
  const { rows } = await sql<{ n: number; hash: string }>`
    select h.n, e.record_hash as hash
    from unnest(${textArray(asked.map(({ tenantId }) => tenantId))}::text[],
      ${textArray(asked.map(({ connectionId }) => connectionId))}::text[]) with ordinality a (tenant_id, connection_id, n)
    join unnest(${plainArray(asked.flatMap(({ hashes }, n) => hashes.map(() => n + 1)))}::int[],
      ${textArray(asked.flatMap(({ hashes }) => hashes))}::text[]) h (n, hash) on h.n = a.n
    join lateral (
      select record_hash from erased
      where tenant_id = a.tenant_id and connection_id = a.connection_id and record_hash = h.hash
      offset 0
    ) e on true`.execute(db);
  const found = asked.map((): string[] => []);
  for (const { n, hash } of rows) found[n - 1]?.push(hash);
  return found;
}

/** From now on nothing of these records is kept under their own names, whoever brings them. */
export async function bury(
  db: Kysely<Tables>,
  tenant: Pick<Tenant, "id" | "eventKey">,
  connectionId: ConnectionId,
  records: readonly RecordRef[],
  now: Date,
): Promise<void> {
  const hashes = [...new Set(records.map((record) => tombstone(tenant, connectionId, record)))];
  if (hashes.length === 0) return;
  await db
    .insertInto("erased")
    .values(hashes.map((hash) => ({ at: now, tenant_id: tenant.id, connection_id: connectionId, record_hash: hash })))
    .onConflict((conflict) => conflict.columns(["tenant_id", "connection_id", "record_hash"]).doNothing())
    .execute();
}
