import { z } from "zod";
import { Failure } from "../../core/errors.ts";
import type { PersonId, Tenant, TenantId } from "../../core/types.ts";
import { writeAudit } from "../store/audit.ts";
import { listConnections } from "../store/connections.ts";
import { forgetLeaving, leavingConnections } from "../store/disconnected.ts";
import { listMembers } from "../store/members.ts";
import { askErasure, askedErasures, type Counts, finishErasure, withdrawErasure } from "../store/receipts.ts";
import { forgetPeople } from "../store/strays.ts";
import { tellProgress } from "../store/task-progress.ts";
import { emptyTenant } from "../store/tenant-rows.ts";
import { endsAt, endTenant, forgetTenant } from "../store/tenants.ts";
import { disconnectConnection } from "./disconnect.ts";
import { forEach } from "./each.ts";
import type { LifecycleParts } from "./parts.ts";

const Task = z.object({
  tenant: z.string().transform((id) => id as TenantId),
  endsAt: z.iso.datetime(),
  who: z.string(),
});

const dayMs = 86_400_000;
/** Vendors that are away are waited for so long, with nothing but what opens their accounts. */
const patienceMs = dayMs;

export interface WorkspaceEnding {
  readonly receipt: string;
  readonly endsAt: Date;
}

/**
 * Notes that the workspace and all that is in it is erased, so many days from now. Until then it goes on, and can be kept.
 *
 * @throws Failure `conflict` when that is noted already
 */
export async function askToEnd(
  tenant: Tenant,
  graceDays: number,
  who: PersonId,
  { store, clock }: Pick<LifecycleParts, "store" | "clock">,
): Promise<WorkspaceEnding> {
  const now = clock.now();
  const ends = new Date(now.getTime() + graceDays * dayMs);
  return await store.db.transaction().execute(async (trx) => {
    if (!(await endTenant(trx, tenant.id, ends)))
      throw new Failure("conflict", "the workspace is to be erased already");
    const receipt = await askErasure(trx, "workspace", { tenant: tenant.id, endsAt: ends.toISOString(), who }, now);
    const about = { receipt, endsAt: ends.toISOString(), graceDays };
    await writeAudit(trx, tenant.id, { who, what: "workspace.ending", about }, now);
    return { receipt, endsAt: ends };
  });
}

/** @throws Failure `conflict` when nobody wanted it erased, or it has begun */
export async function keepAfterAll(
  tenant: Tenant,
  who: PersonId,
  { store, clock }: Pick<LifecycleParts, "store" | "clock">,
): Promise<void> {
  const now = clock.now();
  await store.db.transaction().execute(async (trx) => {
    const ends = await endsAt(trx, tenant.id);
    if (!ends || ends <= now) throw new Failure("conflict", "the workspace is not to be erased, or it has begun");
    for (const { id, task } of await askedErasures(trx, "workspace", 10_000))
      if (Task.parse(task).tenant === tenant.id) await withdrawErasure(trx, id);
    await endTenant(trx, tenant.id, null);
    await writeAudit(trx, tenant.id, { who, what: "workspace.kept", about: {} }, now);
  });
}

/** A chore: erases the workspaces whose time has come. */
export const eraseWorkspaces =
  (parts: LifecycleParts) =>
  async (now: Date): Promise<void> => {
    await forEach(await askedErasures(parts.store.db, "workspace", 10_000), async ({ id, task }) => {
      const { tenant, endsAt: at, who } = Task.parse(task);
      if (new Date(at) <= now) await eraseWorkspace(id, tenant, new Date(at), who, parts);
    });
  };

async function eraseWorkspace(
  id: string,
  tenantId: TenantId,
  since: Date,
  who: string,
  parts: LifecycleParts,
): Promise<void> {
  const { db } = parts.store;
  const now = parts.clock.now();
  const connections = await listConnections(db, tenantId);
  let pending = 0;
  for (const connection of connections) {
    const farewell = await disconnectConnection({ tenantId, id: connection.id, who: "upkeep" }, parts);
    if (farewell.pending) pending += 1;
  }
  if (pending > 0 && now.getTime() - since.getTime() < patienceMs) return;
  for (const leaving of await leavingConnections(db, 10_000))
    if (leaving.tenantId === tenantId) await forgetLeaving(db, leaving);
  const people = (await listMembers(db, tenantId)).map(({ personId }) => personId);
  const rows: Counts = await emptyTenant(db, tenantId, now, async (done, total) => {
    const soFar = { kind: "erase_workspace", about: id, done, total } as const;
    await tellProgress(db, tenantId, soFar, async () => who, parts.clock.now());
  });
  await db.transaction().execute(async (trx) => {
    await forgetTenant(trx, tenantId);
    const forgotten = await forgetPeople(trx, people);
    const counts = { connections: connections.length, notTold: pending, people: forgotten, ...rows };
    await finishErasure(trx, { id, erasure: "workspace" }, counts, now);
  });
  parts.log.info("A workspace was erased", { count: connections.length });
}
