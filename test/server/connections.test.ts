import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConnectionsView } from "../../server/api/connections.ts";
import { markConnected } from "../../server/store/connected.ts";
import { connectCrm } from "../../server/workspaces/workspace.ts";
import { type Browsing, browsing } from "./browsing.ts";
import { type Customer, type Front, openFront } from "./front.ts";

let front: Front;
let acme: Customer;
let other: Customer;
let admin: Browsing;
let viewer: Browsing;
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
  other = await front.customer("Other");
  admin = browsing(front.url, await front.people.cookie("admin", acme.tenant));
  viewer = browsing(front.url, await front.people.cookie("viewer", acme.tenant));
});
afterAll(() => front.close());

const read = async (asker = viewer) => (await asker.tell<ConnectionsView>("/api/v1/connections")).body;

describe("the connections", () => {
  test("tell what was granted, by whom, and why it is needed", async () => {
    const { id: by } = await front.people.person("admin", acme.tenant);
    const hubspot = await connectCrm(
      { tenantId: acme.tenant.id, connector: "hubspot", accountId: "4711", name: "Acme HubSpot", config: {} },
      undefined,
      front.workspace,
    );
    const scopes = ["oauth", "crm.objects.contacts.read", "crm.objects.deals.read"];
    await markConnected(front.store.db, acme.tenant.id, hubspot.id, { scopes, sandbox: true, by });
    const found = (await read()).connections.find(({ id }) => id === hubspot.id);
    expect(found).toMatchObject({
      crmName: "HubSpot",
      name: "Acme HubSpot",
      accountId: "4711",
      sandbox: true,
      since: front.clock.at.toISOString(),
      grantedBy: { id: by, name: "The admin" },
      startPath: "/install/hubspot",
    });
    expect(found).not.toHaveProperty("liveSince");
    expect(Object.fromEntries(found?.scopes.map(({ scope, granted }) => [scope, granted]) ?? [])).toEqual({
      ...Object.fromEntries(scopes.map((scope) => [scope, true])),
      "crm.objects.leads.read": false,
    });
    expect(found?.scopes.every(({ reason }) => reason.length > 10)).toBe(true);
  });

  test("tell where an account's events go, and since when", async () => {
    const { connections, datasets } = await read();
    expect(connections.find(({ id }) => id === acme.connection.id)).toMatchObject({
      crmName: "In-house CRM",
      dataset: acme.datasetId,
      liveSince: "2026-11-20T00:00:00.000Z",
      scopes: [],
    });
    expect(datasets).toMatchObject([{ id: acme.datasetId, metaId: "1234567890", via: "pasted" }]);
  });

  test("tell who paused, and since when, until it is resumed", async () => {
    for (const path of [`connections/${acme.connection.id}`, `datasets/${acme.datasetId}`]) {
      front.clock.at = new Date(front.clock.at.getTime() + 1_000);
      await admin.tell(`/api/v1/${path}/pause`, {});
    }
    const { connections, datasets } = await read();
    const who = { name: "The admin" };
    expect(connections.find(({ id }) => id === acme.connection.id)?.paused?.by).toMatchObject(who);
    expect(datasets[0]?.paused).toMatchObject({ at: front.clock.at.toISOString(), by: who });
    await admin.tell(`/api/v1/datasets/${acme.datasetId}/resume`, {});
    expect((await read()).datasets[0]).not.toHaveProperty("paused");
  });

  test("that an admin paused are told to be paused, not lost, although a round under way then ended well", async () => {
    await front.store.pool.query("update lane set why = null, moved_at = $2 where kind = 'read' and id = $1", [
      acme.connection.id,
      front.clock.at,
    ]);
    const { body } = await viewer.tell<{ status: { sentence: string } }>("/api/v1/overview");
    expect(body.status.sentence).toMatch(/^Reading In-house CRM is paused/);
  });

  test("go on being told when the account or the dataset is disconnected: nothing of them is lost", async () => {
    await admin.tell(`/api/v1/datasets/${acme.datasetId}/disconnect`, { confirm: 0 });
    await admin.tell(`/api/v1/connections/${acme.connection.id}/disconnect`, {});
    const { connections, datasets } = await read();
    const at = front.clock.at.toISOString();
    expect(connections.find(({ id }) => id === acme.connection.id)?.disconnectedAt).toBe(at);
    expect(datasets[0]?.disconnectedAt).toBe(at);
  });

  test("of another workspace are not told, and no address of anybody is", async () => {
    const theirs = browsing(front.url, await front.people.cookie("owner", other.tenant));
    const told = JSON.stringify(await read());
    expect(told).not.toContain(other.connection.id);
    expect(told).not.toContain("@");
    expect((await read(theirs)).connections.map(({ id }) => id)).toEqual([other.connection.id]);
  });
});
