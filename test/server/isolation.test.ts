import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { disconnectConnection, disconnectDataset } from "../../server/lifecycle/disconnect.ts";
import { askToErase, erasePeople } from "../../server/lifecycle/erase-person.ts";
import { askToEnd, eraseWorkspaces } from "../../server/lifecycle/erase-workspace.ts";
import { searchOf } from "../../server/lifecycle/person.ts";
import { expirePaused } from "../../server/store/retention-paused.ts";
import { type Customer, type Front, openFront } from "./front.ts";

let front: Front;
let acme: Customer;
let other: Customer;
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
  other = await front.customer("Other");
  for (const { bearer } of [acme, other]) {
    const body = { record_id: "1", object: "lead", pipeline: "sales", stage: "Engaging", email: "jane@example.com" };
    const answer = await fetch(`${front.url}/ingest/v1/stage-changes`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: bearer },
      body: JSON.stringify({ ...body, occurred_at: "2026-11-23T08:00:00Z" }),
    });
    expect(answer.status).toBe(202);
  }
  await front.read();
});
afterAll(() => front.close());

/** Every row of a tenant, in every table that has tenants. */
async function picture({ tenant }: Customer): Promise<unknown> {
  const { rows: tables } = await front.store.pool.query<{ name: string }>(
    `select table_name as name from information_schema.columns
      where column_name = 'tenant_id' and table_schema = 'public' and table_name !~ '_p?[0-9]+$' order by 1`,
  );
  expect(tables.length).toBeGreaterThan(20);
  const all: Record<string, readonly unknown[]> = {};
  for (const { name } of tables) {
    const asked = `select t::text as row from ${name} t where tenant_id = $1 order by 1`;
    all[name] = (await front.store.pool.query(asked, [tenant.id])).rows;
  }
  return all;
}

describe("T38: what a worker does for one tenant", () => {
  test("changes not one row of another that holds the same records, people and dataset", async () => {
    const parts = { ...front.parts.api, ...front.parts.install };
    const { tenant, connection, datasetId } = acme;
    // Both are worked on, under tokens that happen to be the same.
    const leases = await front.store.outbox.claim("send", front.clock.now(), 2, 60_000);
    const lease = leases.find(({ tenantId }) => tenantId === tenant.id);
    if (!lease || leases.length < 2) throw new Error("they are not due");
    const theirs = await picture(other);
    const events = await front.store.outbox.read(lease, 100);
    expect(events.length).toBeGreaterThan(0);
    await front.store.outbox.advance(
      lease,
      { cursor: 1, dead: [{ seq: 1, reason: "refused_invalid" }] },
      front.clock.now(),
    );
    await front.store.outbox.release(lease, { paused: "by_admin" }, front.clock.now());
    expect(await picture(other)).toEqual(theirs);

    const untouched = await picture(other);
    await askToErase(tenant.id, searchOf({ by: "mail", value: "jane@example.com" }, tenant), "usr_a", parts);
    await erasePeople(parts)(new Date(front.clock.now().getTime() + 120_000));
    await disconnectDataset(
      { tenantId: tenant.id, id: datasetId, who: "usr_a" },
      10,
      front.store.db,
      front.clock.now(),
    );
    await disconnectConnection({ tenantId: tenant.id, id: connection.id, who: "usr_a" }, parts);
    front.clock.at = new Date(front.clock.at.getTime() + 60_000);
    await expirePaused(front.store, front.clock.now());
    await askToEnd(tenant, 0, "usr_a" as never, parts);
    await eraseWorkspaces(parts)(front.clock.now());
    expect(await picture(other)).toEqual(untouched);
    expect(Object.values((await picture(acme)) as object).flat()).toEqual([]);
  });

  test("names its tenant in every statement of the hot path, save for the question which lanes are due", () => {
    const folder = join(import.meta.dirname, "../../server/store/sql");
    const files = readdirSync(folder).filter((file) => file.endsWith(".sql"));
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) {
      const statement = readFileSync(join(folder, file), "utf8").replaceAll(/^--.*$/gm, "");
      const tables = [
        ...statement.matchAll(
          /\b(?:from|join|update|into)\s+(lane|ring|inbox|outbox|dispatch|dead_event|record_stage|tally|checkpoint|reconciliation)\b/g,
        ),
      ];
      const named = [
        ...statement.matchAll(/tenant_id = (?:\$1|[a-z]+\.tenant_id)|select (?:\$1|(?:[a-z]+\.)?tenant_id)\b/g),
      ];
      expect(named.length, `${file}: each table is looked up within its tenant`).toBeGreaterThanOrEqual(
        file === "lane-candidates.sql" ? 0 : tables.length - 1,
      );
      if (file !== "lane-candidates.sql") expect(statement, file).toContain("$1");
    }
  });
});
