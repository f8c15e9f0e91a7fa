import { recordOf } from "./crm.ts";
import { freshDatabase, type Server } from "./server.ts";
import { startSink } from "./sink.ts";
import { startWorkers } from "./workers.ts";
import { openWorkspace, progress, until } from "./workspace.ts";

const accounts = 100;
const changes = 10_000;
// As many as a hundred accounts have under way at the same time; a CRM opens several for each.
const callers = 64;

/**
 * Every change is rung by itself, its record read, kept and sent; from the first ring to Meta's last yes, per second. What
 * rings while its account is being read goes with the next turn, as it would in life.
 */
export async function rungAlone(server: Server, lingerMs: number): Promise<number> {
  const [database, sink] = await Promise.all([freshDatabase(server, { lingerMs }), startSink()]);
  const { store } = database;
  try {
    const { tenantId, connections } = await openWorkspace(store, accounts);
    const workers = startWorkers(store, { origin: sink.origin });
    await until(() => allReadOnce(database));
    const started = performance.now();
    let rung = 0;
    const ringing = Array.from({ length: callers }, async () => {
      while (rung < changes) {
        const n = rung++;
        const connection = connections[n % accounts];
        if (connection)
          await store.outbox.ring(
            tenantId,
            connection.id,
            [recordOf(n % accounts, Math.floor(n / accounts))],
            new Date(),
          );
        workers.wakeReaders();
      }
    });
    await Promise.all(ringing);
    await until(async () => (await progress(store, tenantId)).settled >= changes);
    const seconds = (performance.now() - started) / 1000;
    await workers.stop();
    return changes / seconds;
  } finally {
    sink.stop();
    await database.drop();
  }
}

/** Every connection has been read once: from now on only rings bring anything. */
export async function allReadOnce({
  owner,
}: Pick<Awaited<ReturnType<typeof freshDatabase>>, "owner">): Promise<boolean> {
  const [row] = await owner(`select count(*)::int as unread from connection c
    where not exists (select from checkpoint p where p.tenant_id = c.tenant_id and p.connection_id = c.id)`);
  return row?.unread === 0;
}
