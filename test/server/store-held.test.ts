import pg from "pg";
import { expect, test } from "vitest";
import { openLane } from "../../server/store/lanes.ts";
import { at, minute } from "../conformance/outbox/world.ts";
import { acme } from "./store-acme.ts";

const here = acme();

test("a lane whose row somebody holds too long is left out, and stops no other", async () => {
  const { store, url, tenant } = here;
  for (const id of ["con_held", "con_free"])
    await openLane(store.db, { tenantId: tenant.id, kind: "read", id }, at(-1));
  const somebody = new pg.Client({ connectionString: url });
  await somebody.connect();
  try {
    await somebody.query("begin");
    await somebody.query("select 1 from lane where id = 'con_held' for update");
    const leases = await store.outbox.claim("read", at(0), 10, minute);
    expect(leases.map(({ id }) => id)).toContain("con_free");
    expect(leases.map(({ id }) => id)).not.toContain("con_held");
    await somebody.query("rollback");
    expect((await store.outbox.claim("read", at(0), 10, minute)).map(({ id }) => id)).toEqual(["con_held"]);
  } finally {
    await somebody.end();
  }
});
