import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Failure } from "../../core/errors.ts";
import type { Lease, Outbox } from "../../core/outbox.ts";
import type { Log } from "../../core/ports.ts";
import type { Tenant } from "../../core/types.ts";
import { openLane } from "../../server/store/lanes.ts";
import type { Store } from "../../server/store/open.ts";
import { createTenant, forgetTenant } from "../../server/store/tenants.ts";
import { type Lanes, type LanesOptions, startLanes } from "../../server/workers/lanes.ts";
import { type TestDatabase, testDatabase } from "../postgres.ts";

const hour = 3_600_000;
const start = Date.UTC(2026, 10, 23, 9);
let database: TestDatabase;
let store: Store;
let tenant: Tenant;
let now: number;
let lanes: Lanes | undefined;
let lines: string[];

beforeAll(async () => {
  database = await testDatabase();
  store = await database.open();
});
afterAll(() => database.drop());
beforeEach(async () => {
  now = start;
  lines = [];
  tenant = await createTenant(store.db, { name: "Acme", allowedKeys: [] }, clock.now());
});
afterEach(async () => {
  await lanes?.stop();
  lanes = undefined;
  await forgetTenant(store.db, tenant.id);
});

const clock = { now: () => new Date(now) };
const say = (level: string) => (message: string, fields?: object) =>
  void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
const log: Log = { info: say("info"), warn: say("warn"), error: say("error") };

/** Due `ms` after the start; the longest due comes first. */
const due = (id: string, ms = 0): Promise<void> =>
  openLane(store.db, { tenantId: tenant.id, kind: "read", id }, new Date(start + ms));
const laneOf = (id: string) =>
  store.db.selectFrom("lane").selectAll().where("tenant_id", "=", tenant.id).where("id", "=", id).executeTakeFirst();
const done = (lease: Lease): Promise<Date | undefined> => store.outbox.release(lease, {}, clock.now());

/** A runner that looks by itself once an hour: whatever happens sooner was not left to chance. */
function run(work: LanesOptions["work"], more: Partial<LanesOptions> = {}): Lanes {
  lanes = startLanes({
    kind: "read",
    outbox: store.outbox,
    clock,
    random: () => 0.5,
    log,
    concurrency: 4,
    leaseMs: 60_000,
    lookEveryMs: hour,
    work,
    ...more,
  });
  return lanes;
}

/** Resolves each time the count is reached. */
function counter() {
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

/** The store's outbox with eyes on its claims. */
function watched(before: () => Promise<void> = async () => {}, after: () => Promise<void> = async () => {}) {
  const claims = counter();
  const outbox: Outbox = {
    ...store.outbox,
    claim: async (...args) => {
      try {
        await before();
        const leases = await store.outbox.claim(...args);
        await after();
        return leases;
      } finally {
        claims.add();
      }
    },
  };
  return { outbox, claims };
}

describe("the lease runner", () => {
  test("works on as many lanes at a time as it may, the longest due first, and on all in the end", async () => {
    for (const [n, id] of ["e", "d", "c", "b", "a"].entries()) await due(id, -n * 1_000);
    const order: string[] = [];
    const started = counter();
    const gates = new Map<string, () => void>();
    let [running, most] = [0, 0];
    run(
      async (lease) => {
        order.push(lease.id);
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => {
          gates.set(lease.id, resolve);
          started.add();
        });
        running -= 1;
        await done(lease);
      },
      { concurrency: 2 },
    );
    await started.reaches(2);
    gates.get("a")?.();
    await started.reaches(3);
    gates.get("b")?.();
    gates.get("c")?.();
    await started.reaches(5);
    gates.get("d")?.();
    gates.get("e")?.();
    await lanes?.stop();
    expect(most).toBe(2);
    expect([...order.slice(0, 2).sort(), order[2], ...order.slice(3).sort()]).toEqual(["a", "b", "c", "d", "e"]);
    expect(await laneOf("e")).toMatchObject({ lease_until: null, due_at: null });
  });

  test("works on fewer while there is less room, and claims nothing while there is none", async () => {
    for (const id of ["a", "b", "c", "d"]) await due(id);
    const { outbox, claims } = watched();
    let room = 0;
    const rooms = counter();
    const gates: (() => void)[] = [];
    const started = counter();
    let [running, most] = [0, 0];
    run(
      async (lease) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => {
          gates.push(resolve);
          started.add();
        });
        running -= 1;
        await done(lease);
      },
      {
        outbox,
        lookEveryMs: 5,
        room: () => {
          rooms.add();
          return room;
        },
      },
    );
    await rooms.reaches(3);
    expect(claims.count).toBe(0);
    room = 1;
    await started.reaches(1);
    await rooms.reaches(rooms.count + 3);
    expect([running, claims.count]).toEqual([1, 1]);
    room = Number.POSITIVE_INFINITY;
    await started.reaches(4);
    for (const open of gates) open();
    await lanes?.stop();
    expect(most).toBe(4);
  });

  test("a lane that takes its time holds one place and delays no other", async () => {
    for (const id of ["slow", "a", "b"]) await due(id, id === "slow" ? -1 : 0);
    const finish = Promise.withResolvers<void>();
    const turns = counter();
    run(
      async (lease) => {
        if (lease.id === "slow") await finish.promise;
        else turns.add();
        return await store.outbox.release(lease, turns.count < 20 ? { dueAt: clock.now() } : {}, clock.now());
      },
      { concurrency: 2 },
    );
    await turns.reaches(20);
    finish.resolve();
  });

  test("looks at once when it is woken", async () => {
    const { outbox, claims } = watched();
    const worked = Promise.withResolvers<string>();
    run(
      async (lease) => {
        worked.resolve(lease.id);
        return await done(lease);
      },
      { outbox },
    );
    await claims.reaches(1);
    await due("late");
    lanes?.wake();
    expect(await worked.promise).toBe("late");
  });

  test("loses no wake that comes while it is looking", async () => {
    const looked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const { outbox } = watched(undefined, async () => {
      looked.resolve();
      await answer.promise;
    });
    const worked = Promise.withResolvers<string>();
    run(
      async (lease) => {
        worked.resolve(lease.id);
        return await done(lease);
      },
      { outbox },
    );
    await looked.promise;
    await due("late");
    lanes?.wake();
    answer.resolve();
    expect(await worked.promise).toBe("late");
  });

  test("looks by itself from time to time", async () => {
    const { outbox, claims } = watched();
    run(done, { outbox, lookEveryMs: 5 });
    await claims.reaches(3);
  });

  test("takes a lane up again that is due again", async () => {
    await due("busy");
    const turns = counter();
    run(async (lease) => {
      turns.add();
      return await store.outbox.release(lease, turns.count < 3 ? { dueAt: clock.now() } : {}, clock.now());
    });
    await turns.reaches(3);
  });

  test("when stopped takes nothing more, and waits for the work under way", async () => {
    await due("first");
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const order: string[] = [];
    const { outbox, claims } = watched();
    run(
      async (lease) => {
        begun.resolve();
        await finish.promise;
        await done(lease);
        order.push("worked");
      },
      { outbox },
    );
    await begun.promise;
    const stopped = lanes?.stop().then(() => order.push("stopped"));
    await due("second");
    lanes?.wake();
    finish.resolve();
    await stopped;
    expect(order).toEqual(["worked", "stopped"]);
    const before = claims.count;
    lanes?.wake();
    await new Promise((resolve) => setImmediate(resolve));
    expect(claims.count).toBe(before);
    expect((await laneOf("second"))?.lease_until).toBeNull();
  });

  test("leaves no timer behind when stopped", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const { outbox, claims } = watched();
    const turns = counter();
    await due("busy");
    await store.db.selectFrom("lane").select("id").execute(); // whatever the pool keeps running runs already
    const before = timers();
    run(
      async (lease) => {
        const next = turns.count < 5 ? { dueAt: clock.now() } : {};
        turns.add();
        return await store.outbox.release(lease, next, clock.now());
      },
      { outbox },
    );
    await turns.reaches(6);
    await claims.reaches(6);
    await lanes?.stop();
    expect(timers()).toBeLessThanOrEqual(before);
  });
});

describe("work that fails", () => {
  test("gives the lane back, later each time, and tells no data", async () => {
    await due("broken");
    const tried = counter();
    const { outbox } = watched();
    const given = counter();
    run(
      async () => {
        tried.add();
        throw new TypeError("no name in {email: jane@example.com}");
      },
      {
        outbox: {
          ...outbox,
          release: async (...args) => {
            const dueAt = await store.outbox.release(...args);
            given.add();
            return dueAt;
          },
        },
      },
    );
    await given.reaches(1);
    expect(await laneOf("broken")).toMatchObject({
      attempts: 1,
      lease_until: null,
      due_at: new Date(start + 2_500),
    });
    now = start + 2_500;
    lanes?.wake();
    await given.reaches(2);
    expect(await laneOf("broken")).toMatchObject({ attempts: 2, due_at: new Date(start + 2_500 + 5_000) });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^error .*TypeError.*"connection":"broken"/);
    expect(lines.join()).not.toContain("jane");
  });

  test("of a known kind says why the lane waits", async () => {
    await due("limited");
    const begun = Promise.withResolvers<void>();
    run(async () => {
      begun.resolve();
      throw new Failure("crm_limit", "the token endpoint");
    });
    await begun.promise;
    await lanes?.stop();
    expect(await laneOf("limited")).toMatchObject({ attempts: 1, why: "crm_limit", lease_until: null });
  });

  test("on one lane holds up no other", async () => {
    await due("broken", -1);
    await due("sound");
    const worked = Promise.withResolvers<void>();
    run(
      async (lease) => {
        if (lease.id === "broken") throw new Error("no");
        worked.resolve();
        return await done(lease);
      },
      { concurrency: 1 },
    );
    await worked.promise;
  });

  test("because another took over leaves the lane to the other", async () => {
    await due("slow");
    const begun = Promise.withResolvers<void>();
    const taken = Promise.withResolvers<void>();
    run(async (lease) => {
      begun.resolve();
      await taken.promise;
      await store.outbox.keep(lease, { outcomes: [], mappingVersion: 1, checkpoint: { v: 1 } }, clock.now());
    });
    await begun.promise;
    now = start + 60_001;
    const [other] = await store.outbox.claim("read", clock.now(), 1, 60_000);
    expect(other).toMatchObject({ id: "slow", token: 2 });
    taken.resolve();
    await lanes?.stop();
    expect(await laneOf("slow")).toMatchObject({ lease_token: 2, lease_until: other?.until, attempts: 0, why: null });
    expect(lines).toEqual([expect.stringMatching(/^warn Another worker took over/)]);
  });

  test("because the store was gone gives the lane back as soon as it is there again", async () => {
    await due("unlucky");
    let away = true;
    const tries = counter();
    const given = counter();
    const outbox: Outbox = {
      ...store.outbox,
      release: async (...args) => {
        tries.add();
        if (away) throw new Failure("store_unavailable", "08006");
        const dueAt = await store.outbox.release(...args);
        given.add();
        return dueAt;
      },
    };
    run(
      async () => {
        throw new Failure("store_unavailable", "08006");
      },
      { outbox },
    );
    await tries.reaches(2);
    away = false;
    await given.reaches(1);
    expect(await laneOf("unlucky")).toMatchObject({ attempts: 1, why: "store_unavailable", lease_until: null });
  });

  test("because the store is gone for longer leaves the lease to end by itself, and does not keep the runner from stopping", async () => {
    await due("unlucky");
    const tried = counter();
    const outbox: Outbox = {
      ...store.outbox,
      release: async () => {
        tried.add();
        throw new Failure("store_unavailable", "08006");
      },
    };
    run(
      async () => {
        throw new Failure("store_unavailable", "08006");
      },
      { outbox },
    );
    await tried.reaches(1);
    await lanes?.stop();
    expect(await laneOf("unlucky")).toMatchObject({ lease_until: new Date(start + 60_000), attempts: 0 });
    expect(lines.at(-1)).toMatch(/^warn Could not give the lane back/);
    now = start + 60_000;
    expect(await store.outbox.claim("read", clock.now(), 1, 60_000)).toHaveLength(1);
  });

  test("when the lane cannot even be given back is noted, and the runner goes on", async () => {
    await due("broken", -1);
    await due("sound");
    const worked = Promise.withResolvers<void>();
    run(
      async (lease) => {
        if (lease.id === "broken") throw new Error("no");
        worked.resolve();
        return await done(lease);
      },
      {
        concurrency: 1,
        outbox: { ...store.outbox, release: () => Promise.reject(new Failure("lease_lost")) },
      },
    );
    await worked.promise;
    expect(lines[1]).toMatch(/^warn Could not give the lane back/);
  });
});

test("while the store is away the runner keeps looking, says so once, and says when it is back", async () => {
  await due("patient");
  let away = true;
  const { outbox, claims } = watched(async () => {
    if (away) throw new Failure("store_unavailable", "ECONNREFUSED");
  });
  const worked = Promise.withResolvers<void>();
  run(
    async (lease) => {
      await done(lease);
      worked.resolve();
    },
    { outbox, lookEveryMs: 5 },
  );
  await claims.reaches(4);
  away = false;
  await worked.promise;
  expect(lines).toEqual([
    expect.stringMatching(/^error Cannot look for work: The database is not reachable/),
    expect.stringMatching(/^info Looking for work again/),
  ]);
});
