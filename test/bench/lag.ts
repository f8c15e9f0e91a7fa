import { Agent, request } from "undici";
import { ensureIngestSecret } from "../../server/workspaces/workspace.ts";
import { recordOf, syntheticCrm } from "./crm.ts";
import { openDoor } from "./door.ts";
import { type Figure, percentile } from "./figure.ts";
import { leadIdOf } from "./people.ts";
import { allReadOnce } from "./rung-alone.ts";
import { type Database, embeddedServer, freshDatabase, type Server } from "./server.ts";
import { type Sink, startSink } from "./sink.ts";
import { countingStatements, countStatements } from "./statements.ts";
import { startWorkers } from "./workers.ts";
import { clock, keysTo, openWorkspace, pause, until } from "./workspace.ts";

const accounts = 50;
const perSecond = 300;
const seconds = 20;

/** From a change's arrival at our door, as a ring or a push, until Meta's yes is here. */
export async function lag(): Promise<readonly Figure[]> {
  const server = await embeddedServer({ settings: countingStatements });
  try {
    const prompt = await measured(server, 0);
    const lingering = await measured(server, 250);
    return [
      ...figures("without linger", prompt, 500),
      ...figures("linger 250 ms", lingering),
      { figure: "statements for a change, without linger", value: prompt.statements, unit: "" },
      { figure: "statements for a change, linger 250 ms", value: lingering.statements, unit: "" },
      { figure: "requests to Meta, without linger", value: prompt.requests, unit: "" },
      { figure: "requests to Meta, linger 250 ms", value: lingering.requests, unit: "" },
    ];
  } finally {
    await server.stop();
  }
}

interface Lags {
  readonly rung: readonly number[];
  readonly pushed: readonly number[];
  readonly requests: number;
  /** Asked of the database for one change. */
  readonly statements: number;
  /** CPU time of our process and of the database's, as shares of one core. */
  readonly node: number;
  readonly postgres: number;
}

function figures(how: string, { rung, pushed, node, postgres }: Lags, target?: number): readonly Figure[] {
  const p99 = target === undefined ? {} : { target, atMost: true };
  return [
    { figure: `${perSecond} changes/s, ${how}, rung: p50`, value: percentile(rung, 0.5), unit: "ms" },
    { figure: `${perSecond} changes/s, ${how}, rung: p99`, value: percentile(rung, 0.99), unit: "ms", ...p99 },
    { figure: `${perSecond} changes/s, ${how}, pushed: p50`, value: percentile(pushed, 0.5), unit: "ms" },
    { figure: `${perSecond} changes/s, ${how}, pushed: p99`, value: percentile(pushed, 0.99), unit: "ms", ...p99 },
    { figure: `  node, those who ring included, ${how}`, value: 100 * node, unit: "% of a core" },
    { figure: `  PostgreSQL, ${how}`, value: 100 * postgres, unit: "% of a core" },
  ];
}

async function measured(server: Server, lingerMs: number): Promise<Lags> {
  const [database, sink] = await Promise.all([freshDatabase(server, { lingerMs }), startSink()]);
  const callers = new Agent({ connections: 64, connect: { timeout: 60_000 } });
  try {
    return await underLoad(server, database, sink, callers);
  } finally {
    await callers.close();
    sink.stop();
    await database.drop();
  }
}

async function underLoad(server: Server, database: Database, sink: Sink, callers: Agent): Promise<Lags> {
  const { store } = database;
  const parts = { store, clock, ...keysTo(store) };
  const half = accounts / 2;
  await openWorkspace(store, half);
  const pushing = await openWorkspace(store, half, { connector: "http", metaId: (n) => String(2_000_000 + n) });
  const keys = await Promise.all(
    pushing.connections.map(async (one) => `${one.id}.${await ensureIngestSecret(one, parts)}`),
  );

  const arrivedAt = new Map<string, number>();
  const lags: { rung: number[]; pushed: number[] } = { rung: [], pushed: [] };
  const workers = startWorkers(
    store,
    { origin: sink.origin },
    {
      taken(metaId, payloads) {
        for (const payload of payloads) {
          const at = arrivedAt.get(/"lead_id":"?(\d+)/.exec(payload)?.[1] ?? "");
          if (at !== undefined) lags[metaId.startsWith("2") ? "pushed" : "rung"].push(performance.now() - at);
        }
      },
    },
  );
  const door = await openDoor(store, syntheticCrm({ pages: 0, pageSize: 0 }), () => workers.wakeReaders());
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}): Promise<void> => {
    const json = { "content-type": "application/json", ...headers };
    const call = { method: "POST", headers: json, body: JSON.stringify(body), dispatcher: callers } as const;
    const answer = await request(`${door.url}${path}`, call);
    if (answer.statusCode >= 300) throw new Error(`our door answered ${answer.statusCode}`);
    await answer.body.dump();
  };
  /** The n-th change: by turns a ring and a push, from all accounts by turns. */
  const arrive = (n: number): Promise<void> => {
    const account = Math.floor(n / 2) % half;
    const record = recordOf(n % 2 === 0 ? account : half + account, Math.floor(n / accounts));
    const leadId = leadIdOf(Number(record.id));
    arrivedAt.set(leadId, performance.now());
    if (n % 2 === 0) return post("/webhooks/bench", [{ accountId: String(account), record }]);
    const change = { record_id: record.id, object: "deal", pipeline: "sales", stage: "s0", lead_id: leadId };
    const authorization = `Bearer ${keys[account]}`;
    return post(
      "/ingest/v1/stage-changes",
      { ...change, occurred_at: new Date(Date.now() - 1_000) },
      { authorization },
    );
  };

  await until(() => allReadOnce(database));
  await sink.report();
  const statements = await countStatements(database);
  await statements.reset();
  const [cpu, theirs, started] = [process.cpuUsage(), server.cpuUs() ?? Number.NaN, performance.now()];
  const posts: Promise<void>[] = [];
  for (let sent = 0; sent < perSecond * seconds; await pause(5)) {
    const due = Math.min(perSecond * seconds, ((performance.now() - started) * perSecond) / 1000);
    for (; sent < due; sent += 1) posts.push(arrive(sent));
  }
  await Promise.all(posts);
  await until(async () => lags.rung.length + lags.pushed.length >= perSecond * seconds);
  const { user, system } = process.cpuUsage(cpu);
  const us = (performance.now() - started) * 1000;
  const shares = { node: (user + system) / us, postgres: ((server.cpuUs() ?? Number.NaN) - theirs) / us };
  const { requests } = await sink.report();
  const asked = (await statements.costliest()).reduce((sum, { calls }) => sum + calls, 0);
  await workers.stop();
  await door.close();
  return { ...lags, requests, ...shares, statements: asked / (perSecond * seconds) };
}
