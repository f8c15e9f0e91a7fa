import { existsSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Connection, Tenant } from "../../../core/types.ts";
import { createTokens } from "../../../server/access/tokens.ts";
import { createMeta } from "../../../server/sandbox/meta/index.ts";
import { startSandbox } from "../../../server/sandbox/start.ts";
import { saveMapping } from "../../../server/store/mappings.ts";
import type { Store } from "../../../server/store/open.ts";
import { createVault } from "../../../server/store/vault.ts";
import { connectCrm, connectMeta, ensureTenant, type WorkspaceParts } from "../../../server/workspaces/workspace.ts";
import { temporaryFolder, testDatabase } from "../../postgres.ts";
import { until } from "../until.ts";
import type { Crew } from "./crew.ts";
import { changeOf, changesBy, endOf, kindOf, type Life, leadIdOf, mapping } from "./crm.ts";
import { type Line, readJournal } from "./journal.ts";
import { drained } from "./sums.ts";
import type { Place } from "./worker.ts";

/** One account of a CRM with its dataset at Meta, as the workers find it in the database. */
export interface Account {
  readonly number: number;
  readonly tenant: Tenant;
  readonly connection: Connection;
  /** Meta's number. */
  readonly metaId: string;
}

/** One event as simulated Meta received it. */
export interface MetaEvent {
  /** Its number over all requests, from 1. */
  readonly n: number;
  readonly request: number;
  /** Meta's number of the dataset it came for. */
  readonly dataset: string;
  /** The very text that arrived. */
  readonly raw: string;
  readonly id: string;
  readonly name: string;
  /** Unix seconds. */
  readonly time: number;
}

/** Simulated Meta on its port, and accounts that send to it. */
export interface World {
  readonly folder: string;
  readonly place: Place;
  readonly parts: WorkspaceParts;
  readonly accounts: readonly Account[];
  act<Answer = unknown>(action: string, input?: unknown): Promise<Answer>;
  metaEvents(): Promise<readonly MetaEvent[]>;
  journal(): readonly Line[];
  /** The CRMs make no change after the next second. */
  endLife(): void;
  /** Milliseconds of the clock; endless before it was ended. */
  lifeEndsAt(): number;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly store: Store;
  /** The database owner's. */
  readonly url: string;
  readonly connector?: "clockwork" | "http";
  readonly accounts: number;
  /** Tenants that share them out. */
  readonly tenants: number;
  /** Between two changes of one account. */
  readonly everyMs: number;
  readonly leaseMs: number;
  /** As many as an account makes at most. */
  readonly changes: number;
}

export async function createWorld(options: WorldOptions): Promise<World> {
  const { store, url, connector = "clockwork" } = options;
  const folder = await temporaryFolder();
  const sandbox = await startSandbox({ dir: join(folder, "sandbox"), simulators: { meta: createMeta } });
  const act = async <Answer>(action: string, input: unknown = {}): Promise<Answer> => {
    const answer = await fetch(`${sandbox.control}/meta/${action}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(input),
    });
    if (!answer.ok) throw new Error(`${action}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  };
  const close = async (): Promise<void> => {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const vaultKey = "7".repeat(64);
    const clock = { now: () => new Date() };
    const vault = createVault([{ id: "k", key: vaultKey }]);
    const parts = { store, vault, tokens: createTokens({ db: store.db, vault, clock }), clock };
    const accounts: Account[] = [];
    for (let number = 0; number < options.accounts; number += 1) {
      const tenant = await ensureTenant(`Tenant ${number % options.tenants}`, { defaultCountry: "US" }, parts);
      accounts.push(await connect(number, tenant, connector, act, parts));
    }
    const endsIn = join(folder, "ends-at");
    const journal = join(folder, "journal");
    const life = { startsAt: Date.now(), everyMs: options.everyMs, endsIn };
    await forget(accounts, options.changes, life, act);
    return {
      folder,
      place: { url, meta: sandbox.meta, vaultKey, journal, life, leaseMs: options.leaseMs },
      parts,
      accounts,
      act,
      metaEvents: () => received(act),
      journal: () => readJournal(journal),
      // Who has looked at the clock before there was a file has not seen this moment.
      endLife: () => {
        if (!existsSync(endsIn)) writeFileSync(endsIn, String(Date.now() + 1_000));
      },
      lifeEndsAt: () => endOf(life),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A world on a database of its own, for as long as the work takes. */
export async function withWorld<T>(
  options: Omit<WorldOptions, "store" | "url">,
  work: (world: World) => Promise<T>,
): Promise<T> {
  const database = await testDatabase();
  try {
    const world = await createWorld({ ...options, store: await database.open(), url: database.url });
    try {
      return await work(world);
    } finally {
      await world.close();
    }
  } finally {
    await database.drop();
  }
}

/** Ends the CRMs' life and waits until all that happened is settled; `check` tells whether any of it had to wait too long. */
export async function settled(world: World, crew: Crew): Promise<void> {
  const { accounts, parts, place } = world;
  world.endLife();
  await until("the last change is made", () => Date.now() > world.lifeEndsAt());
  const changes = accounts.length * changesBy(Date.now(), place.life);
  await until(
    () => `all is settled:\n${crew.words().slice(-3000)}`,
    () => drained(parts.store, changes),
    60_000,
  );
}

async function connect(
  number: number,
  tenant: Tenant,
  connector: string,
  act: World["act"],
  parts: WorkspaceParts,
): Promise<Account> {
  const tenantId = tenant.id;
  const metaId = String(400_000_000_000_000 + number);
  const { token } = await act<{ token: string }>("grant", { datasetId: metaId, name: `Leads ${number}` });
  const datasetId = await connectMeta(tenantId, { metaId, name: `Leads ${number}` }, { token }, parts);
  const wanted = { tenantId, datasetId, sendFrom: new Date(0), connector, accountId: String(number), name: connector };
  const connection = await connectCrm(
    { ...wanted, config: {} },
    connector === "http" ? undefined : { type: "static", accessToken: "t" },
    parts,
  );
  const saved = { from: 0, mapping: mapping(), savedBy: "test" };
  await saveMapping(parts.store.db, tenantId, connection.id, saved, parts.clock.now());
  return { number, tenant, connection, metaId };
}

/** Meta has deleted the lead ids of those who are to be forgotten. */
async function forget(accounts: readonly Account[], changes: number, life: Life, act: World["act"]): Promise<void> {
  for (const { number } of accounts) {
    const ids = Array.from({ length: changes }, (_, n) => changeOf(number, n, life).record)
      .filter((record) => kindOf(record) === "forgotten")
      .map(leadIdOf);
    for (const leadId of new Set(ids)) await act("forget", { leadId });
  }
}

/** Everything that Meta took, in the order of arrival. */
async function received(act: World["act"]): Promise<readonly MetaEvent[]> {
  type Arrival = Pick<MetaEvent, "n" | "request" | "dataset"> & { readonly event: string };
  const events: MetaEvent[] = [];
  for (let after = 0; ; ) {
    const page = await act<{ events: readonly Arrival[]; next: number }>("events", { after, limit: 5_000, as: "text" });
    if (page.events.length === 0) return events;
    after = page.next;
    for (const { n, request, dataset, event: raw } of page.events) {
      const { event_id: id, event_name: name, event_time: time } = JSON.parse(raw);
      events.push({ n, request, dataset, raw, id, name, time });
    }
  }
}
