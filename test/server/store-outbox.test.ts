import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../../server/store/open.ts";
import { brokenOutboxes } from "../conformance/outbox/broken.ts";
import { memoryWorld } from "../conformance/outbox/memory-world.ts";
import { outboxChecks } from "../conformance/outbox.ts";
import { type TestDatabase, testDatabase } from "../postgres.ts";
import { storeWorld } from "./store-world.ts";

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

for (const partitions of [true, false])
  describe(`the outbox on PostgreSQL, ${partitions ? "in partitions by day" : "in plain tables"}`, () => {
    let database: TestDatabase;
    let owner: pg.Client;
    let store: Store;
    let other: Store;

    beforeAll(async () => {
      database = await testDatabase();
      store = await database.open({ capabilities: { partitions } });
      other = await database.open({ capabilities: { partitions } });
      owner = new pg.Client({ connectionString: database.url });
      await owner.connect();
    });
    beforeEach(async () => {
      await owner.query(
        "truncate tenant, lane, ring, checkpoint, record_stage, outbox, dispatch, dead_event, tally cascade",
      );
    });
    afterAll(async () => {
      await owner.end();
      await database.drop();
    });

    for (const [name, check] of Object.entries(outboxChecks)) test(name, () => check(storeWorld(store, other)));
  });
