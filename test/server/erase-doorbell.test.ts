import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import { erasePeople } from "../../server/lifecycle/erase-person.ts";
import { changeConnection } from "../../server/store/connections.ts";
import { addDataset } from "../../server/store/datasets.ts";
import { type Installs, openInstalls } from "./install-world.ts";

let world: Installs;
beforeAll(async () => {
  world = await openInstalls();
});
afterAll(() => world.close());

test("a contact that HubSpot deletes for good is erased with its deals: notice, chore, nothing left, nothing read again", async () => {
  const { connection, workspace } = await world.connected("hubspot", {
    portal: (await world.portals())[0]?.accountId ?? "",
  });
  const [tenantId, id] = [workspace as TenantId, connection as ConnectionId];
  const { store, clock } = world;
  const dataset = await addDataset(store.db, { tenantId, metaId: "4242", name: "Leads" }, clock.now());
  await changeConnection(store.db, tenantId, id, { datasetId: dataset.id, sendFrom: new Date(Date.now() - 3_600_000) });
  await world.read();
  const due = async () => {
    await store.pool.query("update lane set due_at = $2 where id = $1", [id, clock.now()]);
    await world.read();
  };
  const person = { mail: "gone@canary.example" };
  const made = await world.act<{ id: string; contacts: string[] }>("hubspot", "create", { object: "deal", person });
  const contact = made.contacts[0] ?? "";
  const other = await world.act<{ id: string }>("hubspot", "create", { object: "deal" });
  await store.outbox.ring(
    tenantId,
    id,
    [
      { object: "deal", id: made.id },
      { object: "deal", id: other.id },
    ],
    clock.now(),
  );
  await due();
  const payloads = async () => (await store.pool.query("select record, payload from outbox order by seq")).rows;
  expect((await payloads()).map(({ record }) => record)).toEqual(
    expect.arrayContaining([`deal:${made.id}`, `deal:${other.id}`]),
  );

  // The notice comes as HubSpot sends and signs it.
  const { webhooks } = world.parts;
  const noted = Promise.withResolvers<void>();
  const { erase } = webhooks;
  const { clientSecret = "" } = world.parts.api.access.app?.("hubspot") ?? {};
  Object.assign(webhooks, {
    secrets: async () => [clientSecret],
    erase: async (...asked: Parameters<typeof erase>) => {
      await erase(...asked);
      noted.resolve();
    },
  });
  await world.act("hubspot", "subscribe", { targetUrl: `${world.url}/webhooks/hubspot` });
  await world.act("hubspot", "delete", { object: "contact", id: contact, privacy: true });
  await noted.promise;
  await erasePeople({ store, clock })(clock.now());

  const rows = await payloads();
  expect(rows.filter(({ record }) => record === `deal:${made.id}`)).toEqual([]);
  expect(rows.filter(({ record }) => record === `deal:${other.id}`)).not.toEqual([]);
  const { rows: dead } = await store.pool.query("select distinct reason from dead_event");
  expect(dead).toEqual([{ reason: "erased" }]);
  const { rows: receipts } = await store.pool.query("select what, about from receipt");
  expect(receipts).toMatchObject([{ what: "person.erased", about: { records: expect.any(Number) } }]);
  expect(JSON.stringify(receipts)).not.toContain(contact);

  // The deal lives on in HubSpot and moves: nothing of it is sent, and its id does not come back.
  const { rows: before } = await store.pool.query("select count(*)::int as n from outbox");
  await world.act("hubspot", "move", { object: "deal", id: made.id, stage: "closedwon" });
  await store.outbox.ring(tenantId, id, [{ object: "deal", id: made.id }], clock.now());
  await due();
  const { rows: after } = await store.pool.query(
    "select count(*)::int as n from outbox where record like 'deal:' || $1",
    [made.id],
  );
  expect(after).toEqual([{ n: 0 }]);
  const { rows: ledger } = await store.pool.query("select outcome from record_stage where record like 'erased:%'");
  expect(ledger.map(({ outcome }) => outcome)).toContain("person_erased");
  expect(before[0].n).toBeGreaterThan(0);
});
