import { type Kysely, sql } from "kysely";
import type { IngestPorts } from "../../core/ingest.ts";
import type { Connection, TenantId } from "../../core/types.ts";
import type { Store } from "../store/open.ts";
import type { Tables } from "../store/tables.ts";
import { endTask, tellProgress } from "../store/task-progress.ts";
import { putTaskOff, stopTask, type Task } from "../store/tasks.ts";

interface ReadingParts {
  readonly store: Pick<Store, "db">;
  readonly clock: IngestPorts["clock"];
}

/** A page a second is written down now and then only: who watches sees it move. */
const tellEveryMs = 3_000;
/** A reading that has not come further for so long is looked at: it may be over, and its reader dead before it said so. */
const lookAfterMs = 60_000;

/** How far one turn at the reading of a whole account comes. What one page brings is over before anybody could look. */
export function readSoFar({ store: { db }, clock }: ReadingParts): NonNullable<IngestPorts["readSoFar"]> {
  let toldAt = 0;
  return async (_lease, { tenantId, id, sendFrom }, { done, total, caughtUp, paused }) => {
    const now = clock.now();
    if (caughtUp) return await endTask(db, tenantId, id, {}, now);
    // Where it stands still it is seen for longer: to the record.
    if (!paused && now.getTime() - toldAt < tellEveryMs) return;
    toldAt = now.getTime();
    const kind = sendFrom ? "backfill" : "baseline";
    const dueAt = new Date(now.getTime() + lookAfterMs);
    const who = () => whoBegan(db, tenantId, id, kind);
    await tellProgress(db, tenantId, { kind, about: id, done, total, dueAt }, who, now);
  };
}

/** Who connected the account, or switched its sending on. */
async function whoBegan(
  db: Kysely<Tables>,
  tenantId: TenantId,
  id: Connection["id"],
  kind: "baseline" | "backfill",
): Promise<string | undefined> {
  const { rows } = await (kind === "baseline"
    ? sql<{ who: string | null }>`
        select connected_by as who from connection where tenant_id = ${tenantId} and id = ${id}`
    : sql<{ who: string | null }>`
        select who from audit where tenant_id = ${tenantId} and what = 'connection.live' and about ->> 'id' = ${id}
        order by at desc limit 1`
  ).execute(db);
  return rows[0]?.who ?? undefined;
}

/** Is it over, or is there nobody any more to read? */
export async function lookAtReading(task: Task, { store: { db }, clock }: ReadingParts): Promise<void> {
  const { tenantId, id, about } = task;
  const now = clock.now();
  const { rows } = await sql<{ phase: string | null; gone: boolean }>`
    select p.body::jsonb ->> 'phase' as phase, c.disconnected_at is not null as gone
    from connection c left join checkpoint p on p.tenant_id = c.tenant_id and p.connection_id = c.id
    where c.tenant_id = ${tenantId} and c.id = ${about}`.execute(db);
  const [found] = rows;
  if (found?.phase === "changes") await endTask(db, tenantId, about, {}, now);
  else if (!found || found.gone) await stopTask(db, tenantId, id, now);
  else await putTaskOff(db, task, undefined, new Date(now.getTime() + lookAfterMs));
}
