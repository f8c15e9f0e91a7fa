import type { Kysely } from "kysely";
import type { ConnectionId, PersonId, TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** What an account granted, and by whose consent. */
export interface Connected {
  /** As granted, not as asked for. */
  readonly scopes: readonly string[];
  /** A test account of the vendor. */
  readonly sandbox: boolean;
  readonly by: PersonId;
}

/** Notes it on the connection, which is connected (again) from now on. */
export async function markConnected(
  db: Kysely<Tables>,
  tenantId: TenantId,
  id: ConnectionId,
  { scopes, sandbox, by }: Connected,
): Promise<void> {
  await db
    .updateTable("connection")
    .set({ scopes: [...scopes], sandbox, connected_by: by, disconnected_at: null })
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .execute();
}

/** By whose consent it is connected; undefined where nobody knows. */
export async function connectedBy(
  db: Kysely<Tables>,
  tenantId: TenantId,
  id: ConnectionId,
): Promise<{ readonly by?: PersonId; readonly disconnected: boolean }> {
  const row = await db
    .selectFrom("connection")
    .select(["connected_by", "disconnected_at"])
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .executeTakeFirst();
  const by = row?.connected_by ?? undefined;
  return { disconnected: row?.disconnected_at != null, ...(by !== undefined && { by: by as PersonId }) };
}

/** Over all tenants: accounts of this vendor that live on this person's consents, and installs that wait with one. */
export async function liveGrantsOf(db: Kysely<Tables>, personId: PersonId, provider: string): Promise<number> {
  const count = async (rows: Promise<{ readonly n: number | string | bigint }>): Promise<number> =>
    Number((await rows).n);
  const connections = db
    .selectFrom("connection")
    .select(({ fn }) => fn.countAll().as("n"))
    .where("connected_by", "=", personId)
    .where("connector", "=", provider)
    .where("disconnected_at", "is", null)
    .executeTakeFirstOrThrow();
  const installs = db
    .selectFrom("install")
    .select(({ fn }) => fn.countAll().as("n"))
    .where("person_id", "=", personId)
    .where("provider", "=", provider)
    .executeTakeFirstOrThrow();
  return (await count(connections)) + (await count(installs));
}
