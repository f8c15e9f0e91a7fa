import { sql } from "kysely";
import type { Dataset } from "../../core/types.ts";
import type { Store } from "../../server/store/open.ts";
import type { RefusalCause } from "../../server/store/refused.ts";
import { runningTask, type Task } from "../../server/store/tasks.ts";
import { beginRedrive } from "../../server/tasks/redrive.ts";
import { runTasks } from "../../server/tasks/run.ts";
import { silent } from "../postgres.ts";
import { type Trouble, trouble } from "./problems-world.ts";

export const problem = "prb_1";

/** So many events, a minute old, are in the log and refused for one cause. */
export async function refusedEvents(
  { db }: Pick<Store, "db">,
  { tenantId, id }: Dataset,
  count: number,
  now: Date,
): Promise<RefusalCause> {
  const at = new Date(now.getTime() - 60_000);
  await sql`
    insert into outbox (tenant_id, dataset_id, seq, event_time, created_at, connection_id, record, place, payload)
    select ${tenantId}, ${id}, n, ${at}::timestamptz, ${at}::timestamptz, 'con_x', 'deal:' || n, 1, '{}'
    from generate_series(1, ${count}::int) n`.execute(db);
  await sql`
    insert into dead_event (tenant_id, dataset_id, seq, at, reason, code)
    select ${tenantId}, ${id}, n, ${at}::timestamptz, 'refused_invalid', 100 from generate_series(1, ${count}::int) n`.execute(
    db,
  );
  await sql`
    update lane set next_seq = ${count + 1}, cursor_seq = ${count}
    where tenant_id = ${tenantId} and kind = 'send' and id = ${id}`.execute(db);
  return { datasetId: id, reason: "refused_invalid", code: 100, subcode: null };
}

/** What the log says of them: how many events there are now, and how many were sent again more than once. */
export async function sentAgain(
  { db }: Pick<Store, "db">,
  { tenantId }: Dataset,
): Promise<{ again: number; twice: number }> {
  const { rows } = await sql<{ again: number; twice: number }>`
    select count(*)::int as again, (count(*) - count(distinct again_of))::int as twice
    from outbox where tenant_id = ${tenantId} and again_of is not null`.execute(db);
  return rows[0] ?? { again: 0, twice: 0 };
}

/** A tenant with trouble, and the sending again of it as of an instant of the test's. */
export function redriving() {
  const here: Trouble = trouble();
  const clock = { at: new Date("2026-11-23T09:00:00Z"), now: () => clock.at };
  const nobody = { connectors: new Map(), access: undefined as never };
  const parts = () => ({ ...nobody, store: here.store, clock, log: silent });
  return {
    here,
    clock,
    parts,
    async begin(count: number): Promise<Task> {
      const cause = await refusedEvents(here.store, here.dataset, count, clock.at);
      const asked = { problem, cause, as: "it_was", who: "usr_a" } as const;
      return (await beginRedrive(here.store.db, here.tenant.id, asked, clock.at)).task;
    },
    run: () => runTasks(parts())(),
    /** As it stands; an ended one as well. */
    async task(): Promise<Task | undefined> {
      return await runningTask(here.store.db, here.tenant.id, problem);
    },
    sent: () => sentAgain(here.store, here.dataset),
  };
}
