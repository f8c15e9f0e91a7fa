import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { Lease, Outbox } from "../../core/outbox.ts";
import type { Log } from "../../core/ports.ts";
import type { Tenant } from "../../core/types.ts";
import { openLane } from "../../server/store/lanes.ts";
import type { Store } from "../../server/store/open.ts";
import { createTenant, forgetTenant } from "../../server/store/tenants.ts";
import { type Lanes, type LanesOptions, startLanes } from "../../server/workers/lanes.ts";
import { type TestDatabase, testDatabase } from "../postgres.ts";

const hour = 3_600_000;
export const start = Date.UTC(2026, 10, 23, 9);

/** A store with lanes in it, and a runner that works on them. */
interface LanesWorld {
  store: Store;
  tenant: Tenant;
  now: number;
  /** The runner, once a test has one run. */
  lanes: Lanes | undefined;
  /** What was logged. */
  lines: string[];
}

/** Resolves each time the count is reached. */
export function counter() {
  let count = 0;
  const waiting: { at: number; resolve: () => void }[] = [];
  return {
    get count() {
      return count;
    },
    add() {
      count += 1;
      for (const { at, resolve } of waiting) if (count >= at) resolve();
    },
    reaches: (at: number) =>
      new Promise<void>((resolve) => {
        if (count >= at) resolve();
        else waiting.push({ at, resolve });
      }),
  };
}

export function lanesWorld() {
  const here = {} as LanesWorld;
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
    here.store = await database.open();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    here.now = start;
    here.lines = [];
    here.tenant = await createTenant(here.store.db, { name: "Acme", allowedKeys: [] }, clock.now());
  });
  afterEach(async () => {
    await here.lanes?.stop();
    here.lanes = undefined;
    await forgetTenant(here.store.db, here.tenant.id);
  });

  const clock = { now: () => new Date(here.now) };
  const say = (level: string) => (message: string, fields?: object) =>
    void here.lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  const log: Log = { info: say("info"), warn: say("warn"), error: say("error") };

  return Object.assign(here, {
    clock,
    /** Due `ms` after the start; the longest due comes first. */
    due: (id: string, ms = 0): Promise<void> =>
      openLane(here.store.db, { tenantId: here.tenant.id, kind: "read", id }, new Date(start + ms)),
    laneOf: (id: string) =>
      here.store.db
        .selectFrom("lane")
        .selectAll()
        .where("tenant_id", "=", here.tenant.id)
        .where("id", "=", id)
        .executeTakeFirst(),
    done: (lease: Lease): Promise<Date | undefined> => here.store.outbox.release(lease, {}, clock.now()),
    /** A runner that looks by itself once an hour: whatever happens sooner was not left to chance. */
    run(work: LanesOptions["work"], more: Partial<LanesOptions> = {}): Lanes {
      here.lanes = startLanes({
        kind: "read",
        outbox: here.store.outbox,
        clock,
        random: () => 0.5,
        log,
        concurrency: 4,
        leaseMs: 60_000,
        lookEveryMs: hour,
        work,
        ...more,
      });
      return here.lanes;
    },
    /** The store's outbox with eyes on its claims. */
    watched(before: () => Promise<void> = async () => {}, after: () => Promise<void> = async () => {}) {
      const claims = counter();
      const outbox: Outbox = {
        ...here.store.outbox,
        claim: async (...args) => {
          try {
            await before();
            const leases = await here.store.outbox.claim(...args);
            await after();
            return leases;
          } finally {
            claims.add();
          }
        },
      };
      return { outbox, claims };
    },
  });
}
