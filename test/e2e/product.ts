import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import type { DeliveriesView, ListedDelivery } from "../../server/api/deliveries.ts";
import type { Figures } from "../../server/api/figures.ts";
import type { Overview } from "../../server/api/schema.ts";
import { temporaryFolder } from "../postgres.ts";
import { type MetaEvent, received } from "./meta.ts";
import { databasePid, databaseProcesses, databaseUrl, isAlive, killProcess } from "./processes.ts";
import { until } from "./until.ts";

type Vendor = "hubspot" | "salesforce" | "meta";

/** The real product, as `npm start` runs it, and the simulated vendors beside it. */
export interface Product {
  readonly dataDir: string;
  /** The vendors' origins. */
  readonly vendors: Readonly<Record<Vendor | "control", string>>;
  vendorsPid(): number;
  /** Where it listens at present. */
  url(): string;
  /** `Authorization` of an in-house CRM. */
  ingestKey(): string;
  act<Answer = unknown>(vendor: Vendor, action: string, input?: unknown): Promise<Answer>;
  metaEvents(after?: number): Promise<readonly MetaEvent[]>;
  /** As the owner of the demo workspace. */
  ask(path: string, init?: RequestInit & { readonly headers?: Readonly<Record<string, string>> }): Promise<Response>;
  overview(): Promise<Overview>;
  /** Of the last 28 days. */
  figures(): Promise<Figures>;
  /** The latest first. */
  deliveries(query?: string): Promise<readonly ListedDelivery[]>;
  /** Asks the database as its owner. */
  sql<Row extends object>(statement: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** What it has said so far, in all its lives. */
  log(): string;
  /** Where everything stands, for whoever has to find out why a test failed. */
  situation(): Promise<string>;
  /** Whether the process that was started last lives. */
  alive(): boolean;
  kill(what: "product" | "database" | "both"): void;
  /** Starts the process and does not wait for it. */
  spawn(): void;
  /** Whether it has finished its start. */
  started(): boolean;
  /** Starts it again if it is not there, and waits until it answers. `supervised`: again and again if it ends by itself. */
  restart(how?: { readonly supervised: boolean }): Promise<void>;
  /** Ends it as Ctrl-C would and gives its exit code. */
  shutDown(): Promise<number | null>;
  /** Ends everything and removes the folder. */
  stop(): Promise<void>;
}

const main = join(import.meta.dirname, "../../server/main.ts");
const sandbox = join(import.meta.dirname, "../../server/sandbox/main.ts");
const startWithinMs = 60_000;

/** Nothing of the caller's environment that could configure the product. */
const environment = (dataDir: string, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(["PATH", "HOME", "TMPDIR", "SystemRoot"].map((name) => [name, process.env[name]])),
  DATA_DIR: dataDir,
  PORT: "0",
  ...more,
});

/** Enters the demo workspace and gives the `Cookie` header. */
async function entered(url: string): Promise<string> {
  const answer = await fetch(`${url}/sandbox/sign-in?as=owner`, { redirect: "manual" });
  const [cookie] = answer.headers.getSetCookie();
  if (!cookie) throw new Error(`nobody gets in: ${answer.status} ${await answer.text()}`);
  return cookie.slice(0, cookie.indexOf(";"));
}

export interface ProductOptions {
  readonly goLive?: "from-now" | "last-7-days";
  /** The vendors are started by the product itself, and live on at their usual pace. */
  readonly ownVendors?: true;
  /** Do not wait for the first start. */
  readonly impatient?: true;
}

/** A new product on new data. Unless `ownVendors`, the simulated CRMs are frozen before it sees them. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const dataDir = await temporaryFolder();
  const log = join(dataDir, "product.log");
  let child: ChildProcess | undefined;
  let vendorProcess: ChildProcess | undefined;
  let cookie: string | undefined;

  const read = <Content>(name: string): Content | undefined => {
    const file = join(dataDir, name);
    if (!existsSync(file)) return undefined;
    try {
      return JSON.parse(readFileSync(file, "utf8")) as Content;
    } catch {
      return undefined; // half written
    }
  };
  const note = () => read<{ pid: number; url: string; ingestKey: string }>("server.json");
  const vendors = () => read<Product["vendors"] & { pid: number }>("sandbox/sandbox.json");
  const run = (script: string, output: string, more?: Readonly<Record<string, string>>): ChildProcess => {
    const file = openSync(output, "a");
    const started = spawn(process.execPath, [script], {
      env: environment(dataDir, more),
      stdio: ["ignore", file, file],
    });
    closeSync(file);
    return started;
  };
  const said = (): string => (existsSync(log) ? readFileSync(log, "utf8") : "");
  const alive = (): boolean => child?.exitCode === null && child.signalCode === null;
  const mustHave = <Value>(value: Value | undefined, what: string): Value => {
    if (value === undefined) throw new Error(`${what} is not there; the product said:\n${said().slice(-4000)}`);
    return value;
  };

  const product: Product = {
    dataDir,
    get vendors() {
      return mustHave(vendors(), "sandbox.json");
    },
    vendorsPid: () => mustHave(vendors(), "sandbox.json").pid,
    url: () => mustHave(note(), "server.json").url,
    ingestKey: () => mustHave(note(), "server.json").ingestKey,
    async act<Answer>(vendor: Vendor, action: string, input: unknown = {}): Promise<Answer> {
      const answer = await fetch(`${product.vendors.control}/${vendor}/${action}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(input),
      });
      if (!answer.ok) throw new Error(`${vendor} ${action}: ${await answer.text()}`);
      return (await answer.json()) as Answer;
    },
    metaEvents: (after) => received(product.act, after),
    async ask(path, init = {}) {
      const as = async (): Promise<Response> => {
        cookie ??= await entered(product.url());
        const headers = { ...init.headers, cookie };
        return await fetch(`${product.url()}${path}`, { redirect: "manual", ...init, headers });
      };
      const answer = await as();
      if (answer.status !== 401) return answer;
      cookie = undefined; // it has ended
      return await as();
    },
    overview: async () => (await (await product.ask("/api/v1/overview")).json()) as Overview,
    figures: async () => (await (await product.ask("/api/v1/figures?range=28d")).json()) as Figures,
    deliveries: async (query = "") =>
      ((await (await product.ask(`/api/v1/deliveries${query}`)).json()) as DeliveriesView).deliveries,
    async sql<Row extends object>(statement: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
      const client = new pg.Client({ connectionString: mustHave(databaseUrl(dataDir), "the database") });
      client.on("error", () => {}); // a server that is killed meanwhile; the query says so too
      try {
        await client.connect();
        return (await client.query<Row>(statement, [...values])).rows;
      } finally {
        await client.end().catch(() => {}); // what was asked is answered
      }
    },
    log: said,
    async situation() {
      const lanes = await product.sql<object>("select * from lane").catch((error: Error) => [error.message]);
      const status = await product.overview().then(
        ({ status: { sentence } }) => sentence,
        (error: Error) => error.message,
      );
      return [
        alive() ? status : "the product is dead",
        ...lanes.map((lane) => JSON.stringify(lane)),
        said().slice(-4000),
      ].join("\n");
    },
    alive,
    kill(what) {
      if (what !== "database") child?.kill("SIGKILL");
      if (what !== "product") killProcess(databasePid(dataDir));
    },
    spawn() {
      child = run(main, log, { GO_LIVE: options.goLive ?? "from-now" });
    },
    started: () => alive() && note()?.pid === child?.pid,
    async restart(how) {
      if (!alive()) product.spawn();
      await until(
        () => `the product answers; it said:\n${said().slice(-4000)}`,
        async () => {
          if (!alive()) {
            if (!how?.supervised) throw new Error(`the product ended by itself:\n${said().slice(-4000)}`);
            product.spawn();
          }
          if (!product.started()) return false;
          return (await fetch(`${product.url()}/readyz`).catch(() => undefined))?.ok;
        },
        startWithinMs,
      );
    },
    async shutDown() {
      child?.kill("SIGTERM");
      await until("the product ends", () => !alive(), 30_000);
      return child?.exitCode ?? null;
    },
    async stop() {
      process.off("exit", abandon);
      abandon();
      await until("every process of the test ends", () => strangers().length === 0);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };

  const strangers = (): readonly number[] =>
    [
      ...[child?.pid, vendorProcess?.pid, vendors()?.pid, read<number>("sandbox/child.pid")].filter(
        (pid) => pid !== undefined && isAlive(pid),
      ),
      ...databaseProcesses(dataDir),
    ] as readonly number[];
  /** Kills all there is. The first one first, or it would start the others again. */
  const abandon = (): void => {
    child?.kill("SIGKILL");
    for (const pid of strangers()) killProcess(pid);
  };
  process.once("exit", abandon);

  try {
    if (!options.ownVendors) {
      vendorProcess = run(sandbox, join(dataDir, "vendors.log"));
      await until("the simulated vendors are there", vendors, startWithinMs);
      for (const crm of ["hubspot", "salesforce"] as const) await product.act(crm, "life", { perMinute: 0 });
    }
    if (options.impatient) product.spawn();
    else await product.restart();
    return product;
  } catch (error) {
    await product.stop();
    throw error;
  }
}
