import { describe, expect, test } from "vitest";
import { counter, lanesWorld } from "./lanes-world.ts";

const here = lanesWorld();
const { clock, due, laneOf, done, run, watched } = here;

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
    await here.lanes?.stop();
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
    await here.lanes?.stop();
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
        return await here.store.outbox.release(lease, turns.count < 20 ? { dueAt: clock.now() } : {}, clock.now());
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
    here.lanes?.wake();
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
    here.lanes?.wake();
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
      return await here.store.outbox.release(lease, turns.count < 3 ? { dueAt: clock.now() } : {}, clock.now());
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
    const stopped = here.lanes?.stop().then(() => order.push("stopped"));
    await due("second");
    here.lanes?.wake();
    finish.resolve();
    await stopped;
    expect(order).toEqual(["worked", "stopped"]);
    const before = claims.count;
    here.lanes?.wake();
    await new Promise((resolve) => setImmediate(resolve));
    expect(claims.count).toBe(before);
    expect((await laneOf("second"))?.lease_until).toBeNull();
  });

  test("leaves no timer behind when stopped", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const { outbox, claims } = watched();
    const turns = counter();
    await due("busy");
    await here.store.db.selectFrom("lane").select("id").execute(); // whatever the pool keeps running runs already
    const before = timers();
    run(
      async (lease) => {
        const next = turns.count < 5 ? { dueAt: clock.now() } : {};
        turns.add();
        return await here.store.outbox.release(lease, next, clock.now());
      },
      { outbox },
    );
    await turns.reaches(6);
    await claims.reaches(6);
    await here.lanes?.stop();
    expect(timers()).toBeLessThanOrEqual(before);
  });
});
