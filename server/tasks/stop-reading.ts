import { type Kysely, sql } from "kysely";
import { Failure } from "../../core/errors.ts";
import { type PausableLane, pauseByAdmin, resumeByAdmin } from "../lifecycle/pause.ts";
import type { Tables } from "../store/tables.ts";
import type { Task } from "../store/tasks.ts";

/** Who does it, and when. */
interface By {
  readonly who: string;
  readonly now: Date;
}

/** One lane reads all that an account holds, and then its changes: whoever stops the reading pauses the connection. */
const laneOf = ({ tenantId, about }: Task): PausableLane => ({ tenantId, kind: "read", id: about });
const told = ({ kind, done }: Task) => ({ reading: kind, done });

/**
 * The reading ends with the page that is under way; what is read is kept, and where it goes on. To be called in a transaction:
 * nothing is paused where it throws.
 *
 * @throws Failure `conflict` when everything is read by now, or it stands still already
 */
export async function stopReading(trx: Kysely<Tables>, task: Task, { who, now }: By): Promise<void> {
  const paused = await pauseByAdmin(trx, laneOf(task), { who, now, about: told(task) });
  if (paused !== "by_admin")
    throw new Failure("conflict", "it stands still already, until the account is connected again");
  // The lane's row is ours: a page that is being kept has been kept by now, or comes after us.
  if (await isRead(trx, task)) throw new Failure("conflict", "it is over already");
}

/** It goes on where it was. */
export async function resumeReading(trx: Kysely<Tables>, task: Task, { who, now }: By): Promise<void> {
  await resumeByAdmin(trx, laneOf(task), { who, now, about: told(task) });
}

async function isRead(db: Kysely<Tables>, { tenantId, id, about }: Task): Promise<boolean> {
  const { rows } = await sql<{ over: boolean }>`
    select t.state <> 'running' or coalesce(p.body::jsonb ->> 'phase' = 'changes', false) as over
    from task t left join checkpoint p on p.tenant_id = t.tenant_id and p.connection_id = ${about}
    where t.tenant_id = ${tenantId} and t.id = ${id}`.execute(db);
  return rows[0]?.over ?? true;
}
