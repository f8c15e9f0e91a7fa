import { limits } from "../../core/meta/limits.ts";
import { type Figure, percentile } from "./figure.ts";
import { type Database, embeddedServer, freshDatabase, multiply } from "./server.ts";
import { startWorkers } from "./workers.ts";
import { clock, openWorkspace, progress, until } from "./workspace.ts";

const lanes = 10_000;
const finished = 500;
const pending = 100;
/** Lanes asked for at a time, and how often by each of two claimers. */
const at = 16;
const times = 500;

/** How long it takes to find out what is due while a million events wait in 10,000 lanes, behind five million finished ones. */
export async function claiming(): Promise<readonly Figure[]> {
  const server = await embeddedServer();
  const database = await freshDatabase(server);
  try {
    await fill(database);
    const took: { claim: number[]; read: number[] } = { claim: [], read: [] };
    await Promise.all([claimer(database, took), claimer(database, took)]);
    return [
      { figure: "claim of 16 lanes, p50", value: percentile(took.claim, 0.5), unit: "ms" },
      { figure: "claim of 16 lanes, p99", value: percentile(took.claim, 0.99), unit: "ms", target: 20, atMost: true },
      { figure: "read of 100 waiting events, p99", value: percentile(took.read, 0.99), unit: "ms" },
    ];
  } finally {
    await database.drop();
    await server.stop();
  }
}

/** One real event, in every lane 600 times; a lane's events lie far apart on the disk, as they came in turn with all others. */
async function fill(database: Database): Promise<void> {
  const { store, owner } = database;
  const { tenantId } = await openWorkspace(store, 1);
  const workers = startWorkers(store, {
    origin: "http://127.0.0.1:1",
    read: 1,
    send: 0,
    crm: { pages: 1, pageSize: 1 },
  });
  await until(async () => (await progress(store, tenantId)).kept === 1);
  await workers.stop();
  const id = { tenant_id: "'ten_' || n % 100", id: "'dst_' || n" };
  const due = { due_at: "now() - n * interval '1 millisecond'", next_seq: `${finished + pending + 1}` };
  await multiply(database, "lane", "kind = 'send'", `generate_series(1, ${lanes}) n`, {
    ...id,
    ...due,
    cursor_seq: `${finished}`,
  });
  const slice = 100;
  for (let from = 1; from <= finished + pending; from += slice) {
    const copies = `generate_series(${from}, ${from + slice - 1}) number, generate_series(1, ${lanes}) n`;
    await multiply(database, "outbox", `tenant_id = '${tenantId}'`, copies, {
      tenant_id: id.tenant_id,
      dataset_id: id.id,
      seq: "number",
    });
  }
  await owner("delete from lane where tenant_id = $1", [tenantId]);
  await owner("vacuum analyze lane");
  await owner("analyze outbox");
  await owner("checkpoint");
}

/** Claims, reads the first lane's events, gives all lanes back at the end of the queue, and begins again. */
async function claimer(
  { store: { outbox } }: Database,
  took: { readonly claim: number[]; readonly read: number[] },
): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    const started = performance.now();
    const leases = await outbox.claim("send", clock.now(), at, limits.leaseMs);
    took.claim.push(performance.now() - started);
    const [first] = leases;
    if (!first) throw new Error("no lane was due");
    const reading = performance.now();
    const page = await outbox.read(first, limits.batch);
    took.read.push(performance.now() - reading);
    if (page.length !== pending) throw new Error(`${page.length} events were waiting`);
    await Promise.all(leases.map((lease) => outbox.release(lease, { dueAt: clock.now() }, clock.now())));
  }
}
