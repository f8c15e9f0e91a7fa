import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Expected, expectation, settings } from "./expectation.ts";
import { historyOf, type InHouseCrm, startInHouseCrm } from "./in-house-crm.ts";
import type { MetaEvent } from "./meta.ts";
import { isAlive } from "./processes.ts";
import { type Product, startProduct } from "./product.ts";
import { caughtUp, nothingWaits, push, type TrueEntry } from "./stage-changes.ts";
import { until } from "./until.ts";

const seed = Number(process.env.KILL_SEED ?? Math.floor(Math.random() * 2 ** 32));
const kills = 21;
const modes = ["product", "database", "both"] as const;
/** What befalls a request to Meta right before the kill: it is taken and not answered, not taken, taken late. */
const mishaps = [{ dropAnswer: true }, { down: true }, undefined, { slowMs: 400 }, undefined] as const;
const crms = ["hubspot", "salesforce"] as const;
const changesPerMinute = 600;

/** mulberry32: the same seed, the same moments. */
function dice(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

test(`after ${kills} kills -9 everything that had to be sent is at Meta, by its one id (KILL_SEED=${seed})`, {
  timeout: 240_000,
}, async () => {
  const random = dice(seed);
  const product = await startProduct();
  let inHouse: InHouseCrm | undefined;
  try {
    await caughtUp(product);
    const seeded = new Set(
      (await histories(product)).map(([connector, { object, id }]) => `${connector} ${object.toLowerCase()}:${id}`),
    );
    for (const crm of crms) await product.act(crm, "life", { perMinute: changesPerMinute });
    inHouse = startInHouseCrm(product, random);

    for (let kill = 0; kill < kills; kill += 1) await strike(product, kill, random);

    for (const crm of crms) await product.act(crm, "life", { perMinute: 0 });
    await product.restart({ supervised: true });
    expect(product.log(), "no fault that nobody caught").not.toMatch(/throw er;|Unhandled|Uncaught/);
    await product.act("meta", "fault", {});
    await inHouse.stop();
    await leasesRunOut(product);
    await verify(product, inHouse, seeded);
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${await product.situation()}`, {
      cause: error,
    });
  } finally {
    await inHouse?.abandon();
    await product.stop();
  }
});

test(`a first start that is killed again and again is finished by the next one (KILL_SEED=${seed})`, {
  timeout: 120_000,
}, async () => {
  const random = dice(seed + 1);
  const product = await startProduct({ ownVendors: true, impatient: true });
  try {
    for (let kill = 0; kill < 6; kill += 1) {
      await pause(200 + random() * 3_000);
      // A refresh token that changes with every use is lost when we die before its answer; the admin then connects again.
      await product.act("salesforce", "rotation", { on: false }).catch(() => {}); // not there yet: nothing was granted
      product.kill(kill % 2 === 0 ? "product" : "both");
      product.spawn();
    }
    await product.restart();
    await leasesRunOut(product);
    await caughtUp(product);
    const { connections, datasets, status } = await product.overview();
    expect(connections.map(({ connector, state }) => [connector, state]).toSorted()).toEqual([
      ["http", "live"],
      ["hubspot", "live"],
      ["salesforce", "live"],
    ]);
    expect(datasets).toHaveLength(1);
    expect(status.tone).toBe("live");
    const before = (await product.metaEvents()).length;
    await until("the vendors' daily life arrives at Meta", async () => (await product.metaEvents()).length > before);
    const vendors = product.vendorsPid();
    expect(await product.shutDown(), product.log()).toBe(0);
    await until("the vendors end with the product that started them", () => !isAlive(vendors));
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${await product.situation()}`, {
      cause: error,
    });
  } finally {
    await product.stop();
  }
});

async function strike(product: Product, kill: number, random: () => number): Promise<void> {
  const mode = modes[kill % modes.length] ?? "both";
  // The moment is what the dice decide: in the middle of work, or of the start after the kill before.
  await pause(100 + random() * 900);
  const mishap = mishaps[kill % mishaps.length];
  if (mishap) {
    await product.act("meta", "fault", { ...mishap, times: 1 });
    const befallen = async () =>
      Object.keys((await product.act<{ faults: object }>("meta", "state")).faults).length === 0;
    await until("it befalls a request", befallen, 700).catch(() => {}); // none was under way: it befalls a later one
  }
  const started = product.started();
  product.kill(mode);
  if (mode !== "database") product.spawn();
  const early = random() < 0.3;
  if (early) return;
  // Only one that is still starting may give up because its database died; then it says so, and is started again.
  await product.restart({ supervised: !started });
  await leasesRunOut(product);
}

/** The dead held their lanes for up to a minute more, and after mishaps Meta is tried ever later: a test need not wait for it. */
async function leasesRunOut({ sql }: Product): Promise<void> {
  await until("the database answers", () =>
    sql(
      `update lane set lease_until = least(lease_until, now() - interval '1 second'),
         due_at = case when kind = 'send' then least(due_at, now()) else due_at end`,
    ).then(
      () => true,
      () => false,
    ),
  );
}

async function histories(product: Product): Promise<readonly (readonly [string, TrueEntry])[]> {
  const all = crms.map(async (crm) =>
    (await product.act<TrueEntry[]>(crm, "history")).map((entry) => [crm, entry] as const),
  );
  return (await Promise.all(all)).flat();
}

async function verify(product: Product, inHouse: InHouseCrm, seeded: ReadonlySet<string>): Promise<void> {
  const told = await settings(product);
  const truth = [...(await histories(product)), ...historyOf(inHouse).map((entry) => ["http", entry] as const)];
  const expected = new Map<string, Expected>();
  for (const [connector, connection] of told)
    for (const event of expectation(
      truth.filter(([of]) => of === connector).map(([, entry]) => entry),
      connection,
    ))
      expected.set(event.id, event);

  let events: readonly MetaEvent[] = [];
  let missing: readonly Expected[] = [];
  await until(
    () => `${missing.length} of ${expected.size} are missing at Meta: ${JSON.stringify(missing.slice(0, 5))}`,
    async () => {
      events = await product.metaEvents();
      const ids = new Set(events.map(({ id }) => id));
      const nobody = await withoutPerson(product);
      missing = [...expected.values()].filter(
        ({ id, record, leadId }) => !ids.has(id) && !(leadId === null && seeded.has(record) && nobody.has(record)),
      );
      return missing.length === 0;
    },
    45_000,
  );
  await nothingWaits(product);
  events = await product.metaEvents();

  const first = new Map<string, MetaEvent>();
  for (const event of events) {
    const same = first.get(event.id);
    if (same) expect(event.raw, "what goes again is the same to the byte").toBe(same.raw);
    else first.set(event.id, event);
  }
  for (const event of first.values()) {
    const { name, time, source, leadId, record } = expected.get(event.id) ?? expect.fail(`not expected: ${event.raw}`);
    expect([event.name, event.time, event.source], record).toEqual([name, time, source]);
    if (leadId !== null && !seeded.has(record)) expect(event.leadId, record).toBe(leadId);
  }

  const ids = inHouse.acknowledged.map(({ id }) => id);
  const states: Record<string, number> = {};
  for (let at = 0; at < ids.length; at += 1000) {
    const asked = ids.slice(at, at + 1000);
    const answer = await push(product, "outcomes", { ids: asked });
    const { outcomes } = (await answer.json()) as { outcomes: Record<string, { state: string } | undefined> };
    for (const id of asked) {
      const state = outcomes[id]?.state ?? "unknown";
      states[state] = (states[state] ?? 0) + 1;
    }
  }
  expect(Object.keys(states).toSorted(), JSON.stringify(states)).toEqual(["accepted", "not_sent"]);
  const { losses } = await product.figures();
  const count = Object.fromEntries(losses.steps.map((step) => [step.step, step.count]));
  expect(count.accepted).toBe(first.size);
  expect([count.sent, losses.waiting.count]).toEqual([first.size, 0]);

  // The test saw something: all three sources, events that went twice, batches that had to be pushed again.
  for (const source of ["HubSpot", "Salesforce", "In-house CRM"])
    expect([...first.values()].filter((event) => event.source === source).length, source).toBeGreaterThan(100);
  expect(events.length, "some were sent twice").toBeGreaterThan(first.size);
  expect(inHouse.retries, "some pushes had to be repeated").toBeGreaterThan(0);
  expect([...inHouse.refusals.keys()].filter((status) => status !== 503)).toEqual([]);
}

/** Records of which the product says that nobody stands behind them. */
async function withoutPerson({ sql }: Product): Promise<ReadonlySet<string>> {
  const rows = await sql<{ record: string }>(
    `select distinct c.connector || ' ' || s.record as record from record_stage s
     join connection c on c.tenant_id = s.tenant_id and c.id = s.connection_id where s.outcome = 'lead_not_found'`,
  );
  return new Set(rows.map(({ record }) => record));
}
