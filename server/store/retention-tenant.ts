import type { Kysely } from "kysely";
import type { TenantId } from "../../core/types.ts";
import { cutoff } from "./retention-age.ts";
import type { Tables } from "./tables.ts";

/** Problems that were closed long ago, with the mails about them, and long work that ended long ago. */
export async function dropOfTenant(db: Kysely<Tables>, tenantId: TenantId, now: Date): Promise<void> {
  const closed = db
    .selectFrom("problem")
    .select("id")
    .where("tenant_id", "=", tenantId)
    .where("closed_at", "<", cutoff(now, "outcomes"));
  await db.deleteFrom("mail").where("tenant_id", "=", tenantId).where("problem_id", "in", closed).execute();
  await db
    .deleteFrom("problem")
    .where("tenant_id", "=", tenantId)
    .where("closed_at", "<", cutoff(now, "outcomes"))
    .execute();
  await db
    .deleteFrom("task")
    .where("tenant_id", "=", tenantId)
    .where("ended_at", "<", cutoff(now, "outcomes"))
    .execute();
}
