import type { Holdings } from "./crm.ts";
import { type Database, freshDatabase, lingerMs, type Server } from "./server.ts";
import { type Sink, startSink } from "./sink.ts";
import { startWorkers, type WorkersOptions, workerProcess } from "./workers.ts";
import { openWorkspace, progress, until } from "./workspace.ts";

export interface Run extends Holdings {
  readonly accounts: number;
  /** How long Meta takes. */
  readonly metaMs?: number;
  /** Workers in so many processes of their own; 0: in ours. */
  readonly processes?: number;
  /** Between two turns at a dataset that has little to send; absent: as the server has it. */
  readonly lingerMs?: number;
}

export interface Outcome {
  readonly perSecond: number;
  /** PostgreSQL's write-ahead log, per event. */
  readonly bytes: number;
  /** CPU time per event. */
  readonly nodeUs: number;
  /** Not a number where it cannot be seen. */
  readonly databaseUs: number;
  readonly sinkUs: number;
  readonly mostInFlight: number;
}

/** A run on a slow or busy machine ends after this, wherever it has come to. */
const longestMs = 20_000;

/** Reads every account to its end and sends everything, or only one of the two: `drain` sends what was kept before. */
export async function keepAndDrain(server: Server, run: Run, only?: "keep" | "drain"): Promise<Outcome> {
  const [database, sink] = await Promise.all([
    freshDatabase(server, { lingerMs: run.lingerMs ?? lingerMs }),
    startSink({ delayMs: run.metaMs ?? 0 }),
  ]);
  try {
    const { tenantId } = await openWorkspace(database.store, run.accounts);
    const events = run.accounts * run.pages * run.pageSize;
    const workers = { origin: sink.origin, crm: run };
    const done = async () => (await progress(database.store, tenantId))[only === "keep" ? "kept" : "settled"];
    if (only === "drain") {
      const before = startWorkers(database.store, { ...workers, send: 0 });
      await until(async () => (await progress(database.store, tenantId)).kept === events);
      await before.stop();
    }
    const own = { ...workers, ...(only === "keep" && { send: 0 }), ...(only === "drain" && { read: 0 }) };
    return await measure(server, database, sink, { ...own, processes: run.processes ?? 0, events, done });
  } finally {
    sink.stop();
    await database.drop();
  }
}

interface Measured extends WorkersOptions {
  readonly processes: number;
  readonly events: number;
  /** Events that have come to the end of what is measured. */
  readonly done: () => Promise<number>;
}

async function measure(
  server: Server,
  database: Database,
  sink: Sink,
  { processes, events, done, ...options }: Measured,
): Promise<Outcome> {
  const { url, store } = database;
  const workers = await Promise.all(Array.from({ length: processes }, () => workerProcess({ ...options, url })));
  await sink.report();
  const before = { wal: await walBytes(database), own: process.cpuUsage(), database: server.cpuUs() };
  const started = performance.now();
  const own = processes === 0 ? startWorkers(store, options) : undefined;
  for (const worker of workers) worker.go();
  let made = 0;
  await until(async () => {
    made = await done();
    return made === events || performance.now() - started > longestMs;
  });
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before.own);
  const spent = await Promise.all(workers.map((worker) => worker.cpuUs()));
  const spentByDatabase = (server.cpuUs() ?? Number.NaN) - (before.database ?? Number.NaN);
  const seen = await sink.report();
  const written = (await walBytes(database)) - before.wal;
  await own?.stop();
  await Promise.all(workers.map((worker) => worker.stop()));
  return {
    perSecond: made / seconds,
    bytes: written / made,
    nodeUs: (own ? user + system : spent.reduce((sum, us) => sum + us, 0)) / made,
    databaseUs: spentByDatabase / made,
    sinkUs: seen.cpuUs / made,
    mostInFlight: seen.mostInFlight,
  };
}

async function walBytes({ owner }: Database): Promise<number> {
  const [row] = await owner("select (pg_current_wal_lsn() - '0/0')::float8 as bytes");
  return Number(row?.bytes);
}
