import { Agent, request } from "undici";
import { type Figure, percentile } from "./figure.ts";
import { type Host, type HostReport, startHost } from "./host.ts";
import { manyTenants, neverPolled, ownerOf } from "./many-tenants.ts";
import { type Database, embeddedServer, freshDatabase } from "./server.ts";
import { pause, until } from "./workspace.ts";

const tenantsHere = 10_000;
const pollEveryMs = 300_000;
/** Customers whose console is opened: those that have a history. */
const asked = 100;
const openedPerSecond = 10;
const idleMs = 60_000;
const openingMs = 50_000;
const page = "/";
const session = "/api/v1/session";
const rest = ["/api/v1/overview", "/api/v1/problems"];

/** 10,000 customers with one account each in one process: its start, its memory, and how soon a console opens meanwhile. */
export async function tenants(): Promise<readonly Figure[]> {
  const server = await embeddedServer();
  const database = await freshDatabase(server, { connections: 4 });
  try {
    await manyTenants(database, tenantsHere, asked);
    const owners = await Promise.all(Array.from({ length: asked }, (_, n) => ownerOf(database, n + 1)));
    const host = await startHost({ url: database.url, pollEveryMs });
    try {
      return await measured(database, host, owners);
    } finally {
      await host.stop();
    }
  } finally {
    await database.drop();
    await server.stop();
  }
}

async function measured(database: Database, host: Host, owners: readonly string[]): Promise<readonly Figure[]> {
  // After a long sleep every account is due at once.
  const started = performance.now();
  const busy = await openings(host, owners, async () => (await host.report()).polls >= tenantsHere);
  const all = (performance.now() - started) / 1000;
  await spread(database);
  host.begin();
  await pause(idleMs);
  const idle = await host.report();
  host.begin();
  const closesAt = performance.now() + openingMs;
  const calm = await openings(host, owners, async () => performance.now() > closesAt);
  const opening = await host.report();
  const peak = { value: opening.peakMiB, unit: "MiB", target: 1_024, atMost: true };
  const p95 = { value: percentile(calm.whole, 0.95), unit: "ms", target: 150, atMost: true };
  return [
    { figure: "process made until the first poll", value: (idle.firstPollMs ?? Number.NaN) / 1000, unit: "s" },
    { figure: "10,000 accounts, all due at once, polled within", value: all, unit: "s" },
    { figure: "10,000 tenants in one process: memory at its most", ...peak },
    { figure: `  after ${idleMs / 1000} s of polling every 5 min`, value: idle.rssMiB, unit: "MiB" },
    { figure: "  polls", value: (1000 * idle.polls) / idle.wallMs, unit: "/s" },
    { figure: "  node", value: coreOf(idle), unit: "% of a core" },
    { figure: "  the event loop is late, p99", value: idle.lateMs, unit: "ms" },
    { figure: `opening a console, ${openedPerSecond} a second: p50`, value: percentile(calm.whole, 0.5), unit: "ms" },
    { figure: `opening a console, ${openedPerSecond} a second: p95`, ...p95 },
    ...[...calm.paths].map(([path, took]) => ({
      figure: `  GET ${path}, p95`,
      value: percentile(took, 0.95),
      unit: "ms",
    })),
    { figure: "  node, polls included", value: coreOf(opening), unit: "% of a core" },
    { figure: "  the event loop is late, p99", value: opening.lateMs, unit: "ms" },
    { figure: "  consoles opened", value: calm.whole.length, unit: "" },
    { figure: "opening while all accounts are due at once: p50", value: percentile(busy.whole, 0.5), unit: "ms" },
    { figure: "opening while all accounts are due at once: p95", value: percentile(busy.whole, 0.95), unit: "ms" },
  ];
}

/** From now on they are due one after the other, as they would be after hours, and nobody has looked before. */
async function spread({ owner }: Database): Promise<void> {
  await owner(`update checkpoint set body = ${neverPolled}`);
  await owner(`update lane set due_at = now() + substr(id, 5)::int * interval '${pollEveryMs / tenantsHere} milliseconds'
    where kind = 'read'`);
}

interface Openings {
  /** Milliseconds from the first request until the last answer is here. */
  readonly whole: number[];
  readonly paths: ReadonlyMap<string, number[]>;
}

/** Owners come at random, so many a second, however long those before them have to wait. */
async function openings(host: Host, owners: readonly string[], over: () => Promise<boolean>): Promise<Openings> {
  const browsers = new Agent({ connections: 32 });
  const seen = {
    whole: [] as number[],
    paths: new Map([page, session, ...rest].map((path) => [path, [] as number[]])),
  };
  const get = async (path: string, cookie: string): Promise<void> => {
    const from = performance.now();
    const { statusCode, body } = await request(`${host.url}${path}`, { headers: { cookie }, dispatcher: browsers });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}: ${text.slice(0, 200)}`);
    seen.paths.get(path)?.push(performance.now() - from);
  };
  const open = async (): Promise<void> => {
    const cookie = owners[Math.floor(Math.random() * owners.length)] ?? "";
    const from = performance.now();
    await get(page, cookie);
    await get(session, cookie);
    await Promise.all(rest.map((path) => get(path, cookie)));
    seen.whole.push(performance.now() - from);
  };
  const opened: Promise<void>[] = [];
  let refused: unknown;
  await until(async () => {
    const failed = (error: unknown): void => {
      refused ??= error;
    };
    opened.push(open().catch(failed));
    return refused !== undefined || (await over());
  }, 1000 / openedPerSecond);
  await Promise.all(opened);
  await browsers.close();
  if (refused !== undefined) throw refused;
  return seen;
}

const coreOf = ({ cpuUs, wallMs }: HostReport): number => cpuUs / wallMs / 10;
