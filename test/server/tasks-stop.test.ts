import { beforeEach, expect, test } from "vitest";
import type { Access } from "../../core/connector.ts";
import { ingest, type Source } from "../../core/ingest.ts";
import { indexMapping, suggest } from "../../core/mapping.ts";
import type { Outbox } from "../../core/outbox.ts";
import { resumeByAdmin } from "../../server/lifecycle/pause.ts";
import { freeLanes } from "../../server/store/lanes.ts";
import { listTasks, runningTask } from "../../server/store/tasks.ts";
import { readSoFar } from "../../server/tasks/reading.ts";
import { resumeReading, stopReading } from "../../server/tasks/stop-reading.ts";
import { crm, pipeline, seen } from "../core/ingest-world.ts";
import { silent } from "../postgres.ts";
import { redriving } from "./tasks-world.ts";

const who = "usr_ana";
const pages = 6;
const minute = 60_000;
const { here, clock } = redriving();
let account: ReturnType<typeof crm>;
beforeEach(() => {
  clock.at = new Date("2026-11-23T09:00:00Z");
  account = crm();
  account.script.baseline = Array.from({ length: pages }, (_, n) => [seen(`${n + 1}`, "a", 300)]);
});

/** Before this page of the account is given, and whoever asks for one gives the clock a second. */
function before(page: number, happens: () => Promise<void>): void {
  let given = 0;
  account.script.beforeBatch = async () => {
    given += 1;
    clock.at = new Date(clock.at.getTime() + 1_000);
    if (given === page) await happens();
  };
}

/** One turn at the connection, as a process takes it. False: it is not due. */
async function turn(more: Partial<Outbox> = {}): Promise<boolean> {
  const { store, connection, tenant } = here;
  const [lease] = await store.outbox.claim("read", clock.at, 1, 10 * minute);
  if (!lease) return false;
  const mapping = indexMapping(suggest([pipeline]));
  const source: Source = {
    connector: account.connector,
    access: {} as Access<unknown>,
    connection,
    setting: { tenant, connection, leadEventSource: "Script", mapping },
    pollEveryMs: minute,
  };
  const ports = { outbox: { ...store.outbox, ...more }, clock, random: () => 1, log: silent, tell: () => {} };
  await ingest(lease, source, { ...ports, readSoFar: readSoFar({ store, clock }) });
  return true;
}

const running = () => runningTask(here.store.db, here.tenant.id, here.connection.id);
const stop = async () => {
  const task = await running();
  if (task) await here.store.web(here.tenant.id, (trx) => stopReading(trx, task, { who, now: clock.at }));
};
const resume = async () => {
  const task = await running();
  if (task) await here.store.web(here.tenant.id, (trx) => resumeReading(trx, task, { who, now: clock.at }));
};
const ledger = async () =>
  (
    await here.store.db
      .selectFrom("record_stage")
      .select("record")
      .where("tenant_id", "=", here.tenant.id)
      .orderBy("record")
      .execute()
  ).map(({ record }) => record);
const all = Array.from({ length: pages }, (_, n) => `deal:${n + 1}`);

test("a first reading that is stopped ends with its page; no change is read, over doorbells, hours and restarts; resumed, it reads the rest once", async () => {
  before(3, stop);
  expect(await turn()).toBe(true);
  expect(await ledger()).toEqual(all.slice(0, 3));
  expect(await running()).toMatchObject({ kind: "baseline", done: 3, total: pages });

  await here.store.outbox.ring(here.tenant.id, here.connection.id, "all", clock.at);
  await freeLanes(here.store.db, clock.at);
  clock.at = new Date(clock.at.getTime() + 60 * minute);
  expect(await turn()).toBe(false);
  expect(account.asked).toMatchObject({ changes: 0, baseline: 1 });

  await resume();
  expect(await turn()).toBe(true);
  expect(await ledger()).toEqual(all);
  expect(await running()).toBeUndefined();
  expect(await listTasks(here.store.db, here.tenant.id, new Date(0))).toMatchObject([{ state: "done", done: pages }]);
  clock.at = new Date(clock.at.getTime() + minute);
  await turn();
  expect(account.asked.changes, "then its changes").toBe(1);
});

test("stopped while the last page is on its way, it is read to its end, and its changes wait for somebody to resume it", async () => {
  before(pages, stop);
  await turn();
  expect(await ledger()).toEqual(all);
  expect(await running()).toBeUndefined();
  clock.at = new Date(clock.at.getTime() + 60 * minute);
  expect(await turn()).toBe(false);
  const lane = { tenantId: here.tenant.id, kind: "read", id: here.connection.id } as const;
  await here.store.web(here.tenant.id, (trx) => resumeByAdmin(trx, lane, { who, now: clock.at }));
  expect(await turn()).toBe(true);
  expect(account.asked.changes).toBe(1);
});

test("stopped when its last page is kept, nothing is paused and its changes are read", async () => {
  before(pages, async () => {});
  const { keep } = here.store.outbox;
  let refused: unknown;
  await turn({
    async keep(lease, page, now) {
      const standing = await keep(lease, page, now);
      // The task runs until its end is told.
      if (account.asked.baseline === 1 && (await ledger()).length === pages)
        refused = await stop().catch((error: unknown) => error);
      return standing;
    },
  });
  expect(refused).toMatchObject({ code: "conflict", message: expect.stringContaining("it is over already") });
  clock.at = new Date(clock.at.getTime() + minute);
  expect(await turn()).toBe(true);
  expect(account.asked.changes).toBe(1);
});

test("two who stop it at once pause it once", async () => {
  before(2, async () => void (await Promise.all([stop(), stop()])));
  await turn();
  const deeds = await here.store.db.selectFrom("audit").select("what").execute();
  expect(deeds.filter(({ what }) => what === "connection.paused")).toHaveLength(1);
  expect(await ledger()).toEqual(all.slice(0, 2));
});
