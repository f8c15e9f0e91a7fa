import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openLane, pauseLane, resumeLane } from "../../server/store/lanes.ts";
import type { Store } from "../../server/store/open.ts";
import { brokenOutboxes } from "../conformance/outbox/broken.ts";
import { memoryWorld } from "../conformance/outbox/memory-world.ts";
import { outboxChecks } from "../conformance/outbox.ts";
import { type TestDatabase, testDatabase } from "../postgres.ts";

describe("the outbox in memory", () => {
  for (const [name, check] of Object.entries(outboxChecks)) test(name, () => check(memoryWorld()));
});

describe("an outbox that is broken is caught", () => {
  for (const [flaw, { world, caughtBy }] of Object.entries(brokenOutboxes))
    test(flaw, async () => {
      const failed: string[] = [];
      for (const [name, check] of Object.entries(outboxChecks)) await check(world()).catch(() => failed.push(name));
      expect(failed).toContain(caughtBy);
    });
});

describe("the outbox on PostgreSQL", () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let store: Store;
  let other: Store;

  beforeAll(async () => {
    database = await testDatabase();
    store = await database.open();
    other = await database.open();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
  });
  beforeEach(async () => {
    await owner.query("truncate lane, ring, checkpoint, record_stage, outbox, dispatch, dead_event, tally");
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
  });

  for (const [name, check] of Object.entries(outboxChecks))
    test(name, () =>
      check({
        outbox: store.outbox,
        other: other.outbox,
        openLane: (tenantId, kind, id, dueAt) => openLane(store.db, { tenantId, kind, id }, dueAt ?? null),
        pauseLane: (tenantId, kind, id, reason) => pauseLane(store.db, { tenantId, kind, id }, reason),
        resumeLane: (tenantId, kind, id, now) => resumeLane(store.db, { tenantId, kind, id }, now),
      }),
    );
});
