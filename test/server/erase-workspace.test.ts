import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TenantId } from "../../core/types.ts";
import type { Overview } from "../../server/api/schema.ts";
import type { WorkspaceEnding } from "../../server/api/workspace.ts";
import { eraseWorkspaces } from "../../server/lifecycle/erase-workspace.ts";
import { dropOld } from "../../server/store/retention.ts";
import { findTenant } from "../../server/store/tenants.ts";
import { type Installs, openInstalls } from "./install-world.ts";

let world: Installs;
let made: Awaited<ReturnType<Installs["connected"]>>;
beforeAll(async () => {
  world = await openInstalls();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.aheadMs = 0;
  await world.store.pool.query("delete from receipt");
  const { accountId } = (await world.portals())[1] ?? {};
  made = await world.connected("hubspot", { portal: accountId ?? "" });
});

const days = 86_400_000;
const due = async (aheadMs = 0) => {
  world.clock.aheadMs = aheadMs;
  await eraseWorkspaces({ ...world.parts.api, ...world.parts.install })(world.clock.now());
};
const nameOf = async (id: string) => (await findTenant(world.store.db, id as TenantId))?.name ?? "";
const ask = async (graceDays: number, name?: string) =>
  await made.browser.post<WorkspaceEnding & { code?: string }>("/workspace/erase", {
    name: name ?? (await nameOf(made.workspace)),
    graceDays,
  });
/** Tables in which anything has this tenant's id, in whichever column. */
async function tablesWith(tenant: string): Promise<readonly string[]> {
  const { rows } = await world.store.pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_name !~ '_p?[0-9]+$|^kysely' and table_type = 'BASE TABLE' order by 1`,
  );
  const found: string[] = [];
  for (const { name } of rows) {
    if (/_(default|\d+)$/.test(name)) continue; // a partition: its rows are seen through its table
    const held = await world.store.pool.query(`select 1 from ${name} t where position($1 in t::text) > 0 limit 1`, [
      tenant,
    ]);
    if (held.rowCount) found.push(name);
  }
  return found;
}

describe("erasing a workspace", () => {
  test("leaves no row with its id in any table, no member who is in no other, no app at the CRM, and a receipt in counts", async () => {
    await world.read();
    expect((await tablesWith(made.workspace)).length).toBeGreaterThan(8);
    const { status, body } = await ask(0);
    expect(status).toBe(200);
    await due();
    expect(await tablesWith(made.workspace)).toEqual([]);
    expect((await world.portals())[1]?.installed).toBe(false);
    const people = await world.store.pool.query(
      "select * from person where subject like '%' and id not in (select person_id from member)",
    );
    expect(people.rows).toEqual([]);
    const page = await (await fetch(body.receipt)).text();
    expect(page).toContain("A workspace was erased");
    expect(page).toContain("<dt>1</dt><dd>accounts disconnected</dd>");
    expect(page).toMatch(/<dt>[1-9]\d*<\/dt><dd>stage entries<\/dd>/);
    expect(await made.browser.ask("/overview")).toMatchObject({ status: 401 });
  });

  test("takes its name as it is typed, and its owner", async () => {
    expect(await ask(0, "another")).toMatchObject({ status: 400, body: { code: "input_invalid" } });
    const admin = world.people.as("admin", await findTenant(world.store.db, made.workspace as TenantId));
    const init = { method: "POST", headers: { "content-type": "application/json" } };
    const body = JSON.stringify({ name: await nameOf(made.workspace), graceDays: 0 });
    expect((await admin("/api/v1/workspace/erase", { ...init, body })).status).toBe(403);
    await due();
    expect(await nameOf(made.workspace)).not.toBe("");
    await ask(0);
    await due();
  });

  test("waits for the days of grace, in which it can be kept", async () => {
    expect((await ask(31)).status).toBe(400);
    expect((await ask(30)).status).toBe(200);
    expect((await ask(0)).status).toBe(409);
    const view = await made.browser.ask<{ endsAt: string }>("/workspace");
    expect(Math.round((Date.parse(view.body.endsAt) - Date.now()) / days)).toBe(30);
    const told = async () => (await made.browser.ask<Overview>("/overview")).body.workspace.endsAt;
    expect(await told()).toBe(view.body.endsAt);
    await due(29 * days);
    expect(await nameOf(made.workspace)).not.toBe("");
    world.clock.aheadMs = 0;
    expect(await made.browser.post("/workspace/keep")).toMatchObject({ status: 200, body: { kept: true } });
    expect(await told()).toBeUndefined();
    expect((await made.browser.post("/workspace/keep")).status).toBe(409);
    await due(31 * days);
    expect(await nameOf(made.workspace)).not.toBe("");
    world.clock.aheadMs = 0;
    await ask(1);
    await due(days + 1_000);
    expect(await tablesWith(made.workspace)).toEqual([]);
  });

  test("waits a day at most for a vendor that is away, and then says that it was not told", async () => {
    const { agent } = world.parts.api.access;
    const dispatch = agent.dispatch;
    agent.dispatch = (_options, handler) => {
      handler.onResponseError?.(null as never, Object.assign(new Error("away"), { code: "ECONNREFUSED" }));
      return true;
    };
    const { body } = await ask(0);
    await due(1_000);
    expect(await nameOf(made.workspace)).not.toBe("");
    await due(days + 1_000);
    agent.dispatch = dispatch;
    expect(await tablesWith(made.workspace)).toEqual([]);
    expect(await (await fetch(body.receipt)).text()).toContain("<dt>1</dt><dd>accounts whose vendor did not answer");
  });

  test("once done twice is done once", async () => {
    await ask(0);
    await Promise.all([due(), due()]);
    await due();
    const { rows } = await world.store.pool.query("select what from receipt");
    expect(rows).toEqual([{ what: "workspace.erased" }]);
  });

  test("its receipt is kept for three years, and an erasure that waits for as long as it takes", async () => {
    await ask(30);
    const proof = { id: "rcp_old", at: world.clock.now(), what: "person.erased", about: "{}" };
    await world.store.db.insertInto("receipt").values(proof).execute();
    const receipts = async () => (await world.store.pool.query("select what from receipt order by what")).rows.length;
    await dropOld(world.store, new Date(world.clock.now().getTime() + 1_094 * days));
    expect(await receipts()).toBe(2);
    await dropOld(world.store, new Date(world.clock.now().getTime() + 1_096 * days));
    expect(await receipts()).toBe(1);
  });
});
