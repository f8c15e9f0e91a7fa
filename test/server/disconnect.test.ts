import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import type { ConnectionDisconnected, DatasetDisconnected } from "../../server/api/workspace.ts";
import { sayFarewells } from "../../server/lifecycle/farewells.ts";
import { listAudit } from "../../server/store/audit.ts";
import { findConnection } from "../../server/store/connections.ts";
import { addDataset } from "../../server/store/datasets.ts";
import { evidenceOf } from "../../server/store/evidence.ts";
import { webhookSecret } from "./front.ts";
import { type Installs, idOf, openInstalls } from "./install-world.ts";

let world: Installs;
beforeAll(async () => {
  world = await openInstalls();
});
afterAll(() => world.close());

const parts = () => ({ ...world.parts.api, ...world.parts.install });
const days = 86_400_000;
const row = async (id: string) =>
  (await world.store.pool.query("select * from connection where id = $1", [id])).rows[0];
const secrets = async (id: string) =>
  (await world.store.pool.query("select kind from secret where owner_id = $1", [id])).rows.map(({ kind }) => kind);
const lane = async (id: string) => (await world.store.pool.query("select * from lane where id = $1", [id])).rows[0];
const claims = async (id: string) =>
  (await world.store.pool.query("select * from claimed_account where owner_id = $1", [id])).rows;
const portal = async (n: number) => {
  const found = (await world.portals())[n];
  if (!found) throw new Error("no such portal");
  return found;
};
const deeds = async (tenant: string): Promise<readonly string[]> =>
  (await listAudit(world.store.db, tenant as TenantId, { limit: 50 })).map(({ what }) => what);

describe("disconnecting a CRM account", () => {
  test("takes the app out of HubSpot, revokes, forgets, frees the account, and keeps mapping and history", async () => {
    const { accountId } = await portal(0);
    const { browser, connection, workspace } = await world.connected("hubspot", { portal: accountId });
    await world.read();
    const mapping = (await world.store.pool.query("select * from stage_mapping where connection_id = $1", [connection]))
      .rows;
    expect(mapping).toHaveLength(1);
    expect((await portal(0)).installed).toBe(true);
    const from = world.called.length;
    const { status, body } = await browser.post<ConnectionDisconnected>(`/connections/${connection}/disconnect`);
    expect({ status, body }).toMatchObject({ status: 200, body: { disconnected: true, pending: false } });
    expect(body.removed).toContain("The app, its access and its webhooks");
    expect((await portal(0)).installed).toBe(false);
    expect(world.revoked(from)).toHaveLength(1);
    expect(await secrets(connection)).toEqual([]);
    expect(await claims(connection)).toEqual([]);
    expect(await lane(connection)).toMatchObject({ paused_reason: "crm_disconnected", due_at: null });
    expect((await row(connection)).disconnected_at).not.toBeNull();
    expect(
      (await world.store.pool.query("select * from stage_mapping where connection_id = $1", [connection])).rows,
    ).toEqual(mapping);
    expect(await deeds(workspace)).toContain("account.disconnected");
    const again = await browser.post<ConnectionDisconnected>(`/connections/${connection}/disconnect`);
    expect(again).toMatchObject({ status: 200, body: { pending: false, removed: [] } });
    expect((await deeds(workspace)).filter((what) => what === "account.disconnected")).toHaveLength(1);
  });

  test("tells nobody that an account is lost that was let go", async () => {
    const { browser, connection, workspace } = await world.connected("salesforce");
    await browser.post(`/connections/${connection}/disconnect`);
    const { lanes } = await evidenceOf(world.store.db, workspace as TenantId, world.clock.now());
    expect(lanes).toEqual([]);
  });

  test("says what is left in Salesforce, and how it is taken away; its refresh token opens nothing any more", async () => {
    const { browser, connection } = await world.connected("salesforce");
    const id = connection as ConnectionId;
    const { rows } = await world.store.pool.query("select tenant_id from connection where id = $1", [id]);
    const place = { tenantId: rows[0].tenant_id as TenantId, ownerId: id, kind: "grant" };
    const grant = await world.parts.api.access.tokens.load(place);
    const { body } = await browser.post<ConnectionDisconnected>(`/connections/${connection}/disconnect`);
    expect(body.removed).toEqual(["The access that the account had given"]);
    expect(body.left.map(({ howTo }) => howTo).join()).toContain("Uninstall");
    await world.parts.api.access.tokens.store(place, { ...grant, accessToken: undefined } as typeof grant);
    await world.store.pool.query("update lane set paused_reason = null, due_at = $2 where id = $1", [
      id,
      world.clock.now(),
    ]);
    await world.read();
    expect(await lane(id)).toMatchObject({ paused_reason: "crm_disconnected" });
    await world.store.pool.query("delete from secret where owner_id = $1", [id]);
  });

  test("is done here at once when the vendor is away, and told to it by the chore when it is back", async () => {
    const { accountId } = await portal(1);
    const { browser, connection, workspace } = await world.connected("hubspot", { portal: accountId });
    const { agent } = world.parts.api.access;
    const dispatch = agent.dispatch;
    agent.dispatch = (_options, handler) => {
      handler.onResponseError?.(null as never, Object.assign(new Error("away"), { code: "ECONNREFUSED" }));
      return true;
    };
    const { body } = await browser.post<ConnectionDisconnected>(`/connections/${connection}/disconnect`);
    expect(body).toMatchObject({ disconnected: true, pending: true });
    expect(await secrets(connection)).toEqual(["leaving"]);
    expect(await claims(connection)).toEqual([]);
    await sayFarewells(parts())(world.clock.now());
    expect(await secrets(connection)).toEqual(["leaving"]);
    agent.dispatch = dispatch;
    await sayFarewells(parts())(world.clock.now());
    expect((await portal(1)).installed).toBe(false);
    expect(await secrets(connection)).toEqual([]);
    expect(await deeds(workspace)).toContain("account.farewell");
  });

  test("of a vendor that stays away is forgotten after three days, and written down as not told", async () => {
    const { accountId } = await portal(1);
    const { browser, connection, workspace } = await world.connected("hubspot", { portal: accountId });
    const { agent } = world.parts.api.access;
    const dispatch = agent.dispatch;
    agent.dispatch = (_options, handler) => {
      handler.onResponseError?.(null as never, Object.assign(new Error("away"), { code: "ECONNREFUSED" }));
      return true;
    };
    await browser.post(`/connections/${connection}/disconnect`);
    await sayFarewells(parts())(new Date(world.clock.now().getTime() + 3 * days));
    agent.dispatch = dispatch;
    expect(await secrets(connection)).toEqual([]);
    const [last] = await listAudit(world.store.db, workspace as TenantId, { limit: 1, what: "account.farewell" });
    expect(last?.about).toMatchObject({ connection, told: false });
  });

  test("T40: leaves the account to whoever connects it next: their app stays, and they alone hear its webhooks", async () => {
    const { accountId } = await portal(2);
    const first = await world.connected("hubspot", { portal: accountId });
    const { agent } = world.parts.api.access;
    const dispatch = agent.dispatch;
    agent.dispatch = (_options, handler) => {
      handler.onResponseError?.(null as never, Object.assign(new Error("away"), { code: "ECONNREFUSED" }));
      return true;
    };
    await first.browser.post(`/connections/${first.connection}/disconnect`);
    agent.dispatch = dispatch;
    const second = await world.connected("hubspot", { portal: accountId });
    expect(second.workspace).not.toBe(first.workspace);
    await sayFarewells(parts())(world.clock.now());
    expect(await secrets(first.connection)).toEqual([]);
    expect((await portal(2)).installed).toBe(true);
    await world.store.pool.query("update lane set due_at = $2 where id = $1", [second.connection, world.clock.now()]);
    await world.read();
    expect(await lane(second.connection)).toMatchObject({ paused_reason: null, why: null });

    const body = JSON.stringify([
      { portalId: Number(accountId), objectId: 77, subscriptionType: "deal.propertyChange", propertyName: "dealstage" },
      { portalId: 999_999_999, objectId: 78, subscriptionType: "deal.propertyChange", propertyName: "dealstage" },
    ]);
    const answer = await ring(body);
    expect(answer.status).toBe(204);
    const rings = await world.store.pool.query(
      "select connection_id, record_id from ring where record_id in ('77', '78')",
    );
    expect(rings.rows, "only the workspace that has the account hears of it").toEqual([
      { connection_id: second.connection, record_id: "77" },
    ]);
    // It was not let go but lost, and the other workspace took it over: the same.
    await world.store.pool.query("update connection set disconnected_at = null where id = $1", [first.connection]);
    await world.store.pool.query("delete from ring");
    await ring(body);
    expect((await world.store.pool.query("select connection_id from ring")).rows).toEqual([
      { connection_id: second.connection },
    ]);
    await world.store.pool.query("update connection set disconnected_at = created_at where id = $1", [
      first.connection,
    ]);
    await second.browser.post(`/connections/${second.connection}/disconnect`);
    await world.store.pool.query("delete from ring");
    await ring(body);
    expect((await world.store.pool.query("select * from ring")).rows, "nobody has it now").toEqual([]);
  });

  test("and connecting again goes on where it was, with mapping, ledger and history", async () => {
    const choice = { portal: (await portal(0)).accountId };
    const { browser, connection, workspace } = await world.connected("hubspot", choice);
    await world.read();
    const count = async () =>
      (
        await world.store.pool.query("select count(*)::int as n from record_stage where connection_id = $1", [
          connection,
        ])
      ).rows[0].n;
    const before = await count();
    expect(before).toBeGreaterThan(0);
    await browser.post(`/connections/${connection}/disconnect`);
    const id = idOf(await browser.install("hubspot", choice));
    const again = await browser.post<{ workspace: string; connection: string }>(`/installs/${id}/confirm`, {
      workspace,
    });
    expect(again).toMatchObject({ status: 200, body: { connection, workspace } });
    expect(await row(connection)).toMatchObject({ disconnected_at: null });
    expect(await lane(connection)).toMatchObject({ paused_reason: null });
    await world.read();
    expect(await count()).toBe(before);
    expect(await findConnection(world.store.db, workspace as TenantId, connection as ConnectionId)).toBeDefined();
  });
});

describe("disconnecting a dataset", () => {
  test("tells first how many events wait, and does it once that is confirmed", async () => {
    const { browser, workspace } = await world.connected("hubspot", { portal: (await portal(1)).accountId });
    const tenantId = workspace as TenantId;
    const dataset = {
      tenantId,
      metaId: "4242",
      name: "Leads",
      reach: { via: "login" as const, accessEndsAt: new Date() },
    };
    const { id } = await addDataset(world.store.db, dataset, world.clock.now());
    await world.store.pool.query("update lane set next_seq = 4 where id = $1", [id]);
    const ask = (body: object) => browser.post<DatasetDisconnected>(`/datasets/${id}/disconnect`, body);
    expect((await ask({})).body).toEqual({ disconnected: false, waiting: 3 });
    expect((await ask({ confirm: 2 })).body).toEqual({ disconnected: false, waiting: 3 });
    expect(await lane(id)).toMatchObject({ paused_reason: null });
    expect((await ask({ confirm: 3 })).body).toEqual({ disconnected: true, waiting: 3 });
    expect(await lane(id)).toMatchObject({ paused_reason: "meta_token", next_seq: 4, cursor_seq: 0 });
    expect(await secrets(id)).toEqual([]);
    const { rows } = await world.store.pool.query("select * from dataset where id = $1", [id]);
    expect(rows[0]).toMatchObject({ access_ends_at: null, disconnected_at: expect.any(Date) });
    expect(await deeds(workspace)).toContain("dataset.disconnected");
  });
});

/** As HubSpot signs it. */
async function ring(body: string): Promise<Response> {
  const time = String(world.clock.now().getTime());
  const signature = createHmac("sha256", webhookSecret)
    .update(`POST${world.url}/webhooks/hubspot${body}${time}`)
    .digest("base64");
  const headers = { "x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": time };
  return await fetch(`${world.url}/webhooks/hubspot`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
}
