import { describe, expect, test } from "vitest";
import { Failure } from "../../core/errors.ts";
import type { Outbox } from "../../core/outbox.ts";
import { counter, lanesWorld, start } from "./lanes-world.ts";

const here = lanesWorld();
const { clock, due, laneOf, done, run, watched } = here;

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
            const dueAt = await here.store.outbox.release(...args);
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
    here.now = start + 2_500;
    here.lanes?.wake();
    await given.reaches(2);
    expect(await laneOf("broken")).toMatchObject({ attempts: 2, due_at: new Date(start + 2_500 + 5_000) });
    expect(here.lines).toHaveLength(2);
    expect(here.lines[0]).toMatch(/^error .*TypeError.*"connection":"broken"/);
    expect(here.lines.join()).not.toContain("jane");
  });

  test("of a known kind says why the lane waits", async () => {
    await due("limited");
    const begun = Promise.withResolvers<void>();
    run(async () => {
      begun.resolve();
      throw new Failure("crm_limit", "the token endpoint");
    });
    await begun.promise;
    await here.lanes?.stop();
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
      await here.store.outbox.keep(lease, { outcomes: [], mappingVersion: 1, checkpoint: { v: 1 } }, clock.now());
    });
    await begun.promise;
    here.now = start + 60_001;
    const [other] = await here.store.outbox.claim("read", clock.now(), 1, 60_000);
    expect(other).toMatchObject({ id: "slow", token: 2 });
    taken.resolve();
    await here.lanes?.stop();
    expect(await laneOf("slow")).toMatchObject({ lease_token: 2, lease_until: other?.until, attempts: 0, why: null });
    expect(here.lines).toEqual([expect.stringMatching(/^warn Another worker took over/)]);
  });

  test("because the store was gone gives the lane back as soon as it is there again", async () => {
    await due("unlucky");
    let away = true;
    const tries = counter();
    const given = counter();
    const outbox: Outbox = {
      ...here.store.outbox,
      release: async (...args) => {
        tries.add();
        if (away) throw new Failure("store_unavailable", "08006");
        const dueAt = await here.store.outbox.release(...args);
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
      ...here.store.outbox,
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
    await here.lanes?.stop();
    expect(await laneOf("unlucky")).toMatchObject({ lease_until: new Date(start + 60_000), attempts: 0 });
    expect(here.lines.at(-1)).toMatch(/^warn Could not give the lane back/);
    here.now = start + 60_000;
    expect(await here.store.outbox.claim("read", clock.now(), 1, 60_000)).toHaveLength(1);
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
        outbox: { ...here.store.outbox, release: () => Promise.reject(new Failure("lease_lost")) },
      },
    );
    await worked.promise;
    expect(here.lines[1]).toMatch(/^warn Could not give the lane back/);
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
  expect(here.lines).toEqual([
    expect.stringMatching(/^error Cannot look for work: The database is not reachable/),
    expect.stringMatching(/^info Looking for work again/),
  ]);
});
