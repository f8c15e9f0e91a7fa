import type { Kysely } from "kysely";
import type { ConnectionId, PersonId, TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";
import type { SetupMarkTable } from "./tables-setup.ts";

/** That somebody did a step of setting an account up, or left it out. */
export interface SetupMark {
  readonly mark: string;
  readonly how: SetupMarkTable["how"];
  readonly who: string;
  readonly at: Date;
}

export async function setupMarks(
  db: Kysely<Tables>,
  tenantId: TenantId,
  connectionId: ConnectionId,
): Promise<readonly SetupMark[]> {
  return await ofConnection(db, tenantId, connectionId).select(["mark", "how", "who", "at"]).orderBy("at").execute();
}

/** What is done stays done: nobody takes a step back by leaving it out. */
export async function setMark(
  db: Kysely<Tables>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  { mark, how, who }: { readonly mark: string; readonly how: SetupMark["how"]; readonly who: PersonId },
  now: Date,
): Promise<void> {
  await db
    .insertInto("setup_mark")
    .values({ tenant_id: tenantId, connection_id: connectionId, mark, how, who, at: now })
    .onConflict((conflict) =>
      how === "skipped"
        ? conflict.doNothing()
        : conflict
            .columns(["tenant_id", "connection_id", "mark"])
            .doUpdateSet({ how, who, at: now })
            .where("setup_mark.how", "=", "skipped"),
    )
    .execute();
}

export async function dropMark(
  db: Kysely<Tables>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  mark: string,
): Promise<void> {
  await db
    .deleteFrom("setup_mark")
    .where("tenant_id", "=", tenantId)
    .where("connection_id", "=", connectionId)
    .where("mark", "=", mark)
    .execute();
}

const ofConnection = (db: Kysely<Tables>, tenantId: TenantId, connectionId: ConnectionId) =>
  db.selectFrom("setup_mark").where("tenant_id", "=", tenantId).where("connection_id", "=", connectionId);
