import { type Holdings, recordOf } from "./crm.ts";
import { type Figure, median, percentile } from "./figure.ts";
import { leadIdOf } from "./people.ts";
import { type Database, embeddedServer, freshDatabase, type Server } from "./server.ts";
import { type Sink, startSink } from "./sink.ts";
import { startWorkers, type Workers } from "./workers.ts";
import { metaIdOf, openWorkspace, pause, progress, until, type Workspace } from "./workspace.ts";

/** Whether somebody's backlog, or somebody's slow Meta, is felt by anybody else. */
export async function fairness(): Promise<readonly Figure[]> {
  const server = await embeddedServer();
  try {
    return [...(await backlogBesideQuiet(server)), ...(await slowBesideOthers(server))];
  } finally {
    await server.stop();
  }
}

const backlog = 100_000;
const quiet = 50;
const quietEveryMs = 500;
const calmMs = 10_000;

/** Account 0 has the backlog, the others one change every half second. */
async function backlogBesideQuiet(server: Server): Promise<readonly Figure[]> {
  const [database, sink] = await Promise.all([freshDatabase(server), startSink({ delayMs: 50 })]);
  const { store } = database;
  try {
    const workspace = await openWorkspace(store, 1 + quiet);
    await keepAll(database, workspace, { accounts: 1, pages: backlog / 1_000, pageSize: 1_000 }, backlog);
    const arrivedAt = new Map<string, number>();
    let waits: number[] = [];
    const workers = startWorkers(
      store,
      { origin: sink.origin },
      {
        taken(metaId, payloads) {
          if (metaId === metaIdOf(0)) return;
          for (const payload of payloads) {
            const at = arrivedAt.get(/"lead_id":"?(\d+)/.exec(payload)?.[1] ?? "");
            if (at !== undefined) waits.push(performance.now() - at);
          }
        },
      },
    );
    const noisy = async (): Promise<number> => {
      const started = performance.now();
      await rewind(database, workspace, [0]);
      await until(() => settled(database, workspace, [0], backlog), 25);
      return backlog / ((performance.now() - started) / 1000);
    };
    await noisy(); // warms up
    const alone = await noisy();
    const ringing = startRinging(database, workspace, workers, arrivedAt);
    await pause(calmMs);
    const calm = waits;
    waits = [];
    const beside = await noisy();
    const loaded = waits;
    await ringing.stop();
    await workers.stop();
    const calmP99 = percentile(calm, 0.99);
    return [
      { figure: "50 quiet datasets, calm: p50", value: percentile(calm, 0.5), unit: "ms" },
      { figure: "50 quiet datasets, calm: p99", value: calmP99, unit: "ms" },
      { figure: "50 quiet datasets, beside a backlog: p50", value: percentile(loaded, 0.5), unit: "ms" },
      {
        figure: "50 quiet datasets, beside a backlog: p99",
        value: percentile(loaded, 0.99),
        unit: "ms",
        target: Math.max(2 * calmP99, 1_000),
        atMost: true,
      },
      { figure: "backlog of 100,000 alone", value: alone, unit: "events/s" },
      { figure: "backlog of 100,000 beside the quiet ones", value: beside, unit: "events/s" },
      { figure: "  of its rate alone", value: (100 * beside) / alone, unit: "%", target: 80 },
    ];
  } finally {
    sink.stop();
    await database.drop();
  }
}

/** Every quiet account rings once in each half second, each at its own moment of it. */
function startRinging(
  { store }: Database,
  { tenantId, connections }: Workspace,
  workers: Workers,
  arrivedAt: Map<string, number>,
): { stop(): Promise<void> } {
  const under = new Set<Promise<void>>();
  let n = 0;
  const timer = setInterval(() => {
    const account = 1 + (n % quiet);
    const connection = connections[account];
    if (!connection) return;
    const record = recordOf(account, Math.floor(n / quiet));
    arrivedAt.set(leadIdOf(Number(record.id)), performance.now());
    const ring: Promise<void> = store.outbox
      .ring(tenantId, connection.id, [record], new Date())
      .then(() => workers.wakeReaders())
      .finally(() => under.delete(ring));
    under.add(ring);
    n += 1;
  }, quietEveryMs / quiet);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(under);
    },
  };
}

const others = 20;
const each = 20_000;
const rounds = 3;

/** Account 0's Meta answers after half a minute, longer than we wait; the others drain a backlog of theirs meanwhile. */
async function slowBesideOthers(server: Server): Promise<readonly Figure[]> {
  const slow = { metaId: metaIdOf(0), delayMs: 30_000 };
  const [database, sink] = await Promise.all([freshDatabase(server), startSink({ delayMs: 20, slow })]);
  try {
    const workspace = await openWorkspace(database.store, 1 + others);
    await keepAll(database, workspace, { pages: each / 1_000, pageSize: 1_000 }, (1 + others) * each);
    await drained(database, workspace, sink, false); // warms up
    const without: number[] = [];
    const beside: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      without.push(await drained(database, workspace, sink, false));
      beside.push(await drained(database, workspace, sink, true));
    }
    const loss = 1 - median(beside) / median(without);
    return [
      { figure: "20 datasets", value: median(without), unit: "events/s" },
      { figure: "20 datasets beside one whose Meta takes 30 s", value: median(beside), unit: "events/s" },
      { figure: "  lost by it", value: 100 * loss, unit: "%", target: 5, atMost: true },
    ];
  } finally {
    sink.stop();
    await database.drop();
  }
}

/** How fast the others get their backlog out. */
async function drained(database: Database, workspace: Workspace, sink: Sink, withSlow: boolean): Promise<number> {
  const all = workspace.datasets.map((_, n) => n);
  await database.owner("update lane set due_at = null where kind = 'send' and id = $1", [workspace.datasets[0]]);
  await rewind(database, workspace, withSlow ? all : all.slice(1));
  const started = performance.now();
  const workers = startWorkers(database.store, { origin: sink.origin, read: 0 });
  await until(() => settled(database, workspace, all.slice(1), each));
  const seconds = (performance.now() - started) / 1000;
  await workers.stop();
  return (others * each) / seconds;
}

/** Reads all accounts to their end; nothing is sent yet. */
async function keepAll({ store }: Database, { tenantId }: Workspace, crm: Holdings, total: number): Promise<void> {
  const readers = startWorkers(store, { origin: "http://127.0.0.1:1", send: 0, lookEveryMs: 50, crm });
  await until(async () => (await progress(store, tenantId)).kept === total);
  await readers.stop();
}

/** As if nothing of these accounts' events had been sent yet. */
async function rewind({ owner }: Database, { datasets }: Workspace, accounts: readonly number[]): Promise<void> {
  await owner(
    `update lane set cursor_seq = 0, due_at = now(), attempts = 0, why = null, unsure_since = null, unsure_seq = null,
      waiting_since = (select min(created_at) from outbox o where o.tenant_id = lane.tenant_id and o.dataset_id = lane.id)
     where kind = 'send' and id = any($1)`,
    [accounts.map((n) => datasets[n] ?? "")],
  );
}

/** Each of these accounts has got so many events out. */
async function settled(
  { owner }: Database,
  { datasets }: Workspace,
  accounts: readonly number[],
  events: number,
): Promise<boolean> {
  const chosen = accounts.map((n) => datasets[n] ?? "");
  const [row] = await owner("select min(cursor_seq)::int as least from lane where kind = 'send' and id = any($1)", [
    chosen,
  ]);
  return Number(row?.least) >= events;
}
