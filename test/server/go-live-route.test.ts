import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import type { GoLiveView } from "../../server/api/go-live.ts";
import type { SetupView } from "../../server/api/setup.ts";
import { listAudit } from "../../server/store/audit.ts";
import { findConnection } from "../../server/store/connections.ts";
import { type Confirmed, type Installs, openInstalls } from "./install-world.ts";

let world: Installs;
beforeAll(async () => {
  world = await openInstalls();
});
afterAll(() => world.close());

type Signed = Awaited<ReturnType<Installs["connected"]>>;
const at = ({ connection }: Confirmed): string => `/connections/${connection}/go-live`;
async function datasetOf({ browser }: Signed, name: string) {
  const { datasetId: metaId, token } = await world.act<{ datasetId: string; token: string }>("meta", "grant", { name });
  const { status, body } = await browser.post<{ id: string }>("/datasets", { metaId, token });
  expect(status).toBe(200);
  return { id: body.id, name, metaId };
}
const portal = async (place: number) => ({ portal: (await world.portals())[place]?.accountId ?? "" });

test("nothing is sent before somebody goes live; then it is, from the chosen moment, to the dataset that is there", async () => {
  const signed = await world.connected("hubspot", await portal(1));
  const { browser } = signed;
  const view = async () => (await browser.ask<GoLiveView>(at(signed))).body;
  expect(await view()).toMatchObject({ live: false, datasets: [], stages: { mappingVersion: 0, sent: [] } });
  expect(await browser.post(at(signed), { from: "now" })).toMatchObject({ status: 409, body: { code: "conflict" } });

  const dataset = await datasetOf(signed, "First");
  expect(await view()).toMatchObject({ live: false, dataset: dataset.id, datasets: [dataset] });
  expect(await browser.post(at(signed), { from: "ever" })).toMatchObject({ status: 400 });
  const asked = world.clock.now().getTime();
  const { body } = await browser.post(at(signed), { from: "last-7-days" });
  expect(body).toEqual({ live: true, dataset: dataset.id });
  const tenant = signed.workspace as TenantId;
  const connection = await findConnection(world.store.db, tenant, signed.connection as ConnectionId);
  const age = asked - (connection?.sendFrom?.getTime() ?? 0);
  expect(Math.abs(age - 7 * 86_400_000)).toBeLessThan(5_000);
  const [entry] = await listAudit(world.store.db, tenant, { limit: 1 });
  expect(entry).toMatchObject({ what: "connection.live", about: { id: signed.connection, from: "last-7-days" } });

  expect((await view()).live).toBe(true);
  expect(await browser.post(at(signed), { from: "now" })).toMatchObject({ status: 409, body: { code: "conflict" } });
});

test("of several datasets the chosen one is sent to, and another workspace's is none", async () => {
  const signed = await world.connected("hubspot", await portal(2));
  const stranger = await world.connected("salesforce");
  await datasetOf(signed, "Second");
  const wanted = await datasetOf(signed, "Third");
  const foreign = await datasetOf(stranger, "Foreign");
  const ask = (dataset: string) => signed.browser.post(at(signed), { from: "now", dataset });
  expect((await ask(foreign.id)).status).toBe(409);
  expect((await ask(wanted.id)).body).toEqual({ live: true, dataset: wanted.id });
  const connection = await findConnection(
    world.store.db,
    signed.workspace as TenantId,
    signed.connection as ConnectionId,
  );
  expect(connection?.datasetId).toBe(wanted.id);
  expect((await stranger.browser.post(at(signed), { from: "now" })).status).toBe(404);
  expect((await stranger.browser.ask(at(signed))).status).toBe(404);
});

test("how many events each choice sends is counted before choosing; nothing of it is sent by counting", async () => {
  const signed = await world.connected("salesforce");
  const { browser } = signed;
  const [tenant, id] = [signed.workspace as TenantId, signed.connection as ConnectionId];
  const view = async () => (await browser.ask<GoLiveView>(at(signed))).body;
  expect((await view()).events).toEqual({ now: 0, lastSevenDays: 0, partial: true });
  await datasetOf(signed, "Counted");
  const partial = async () => (await view()).events.partial;
  for (let turns = 0; turns < 30 && (await partial()); turns += 1) await world.read();
  const before = await view();
  expect(before.account.crmName).toBe("Salesforce");
  expect(before.stages.sent.length).toBeGreaterThan(3);
  expect(before.events).toMatchObject({ now: 0, partial: false });
  expect(before.events.lastSevenDays).toBeGreaterThan(5);

  expect((await browser.post(at(signed), { from: "last-7-days" })).status).toBe(200);
  const reading = async () => (await browser.ask<SetupView>("/setup")).body.reading?.first;
  for (let turns = 0; turns < 30 && (await reading()); turns += 1) await world.read();
  const { rows } = await world.store.pool.query<{ outcome: string; n: number }>(
    "select outcome, count(*)::int as n from record_stage where tenant_id = $1 and connection_id = $2 group by outcome",
    [tenant, id],
  );
  const counts = new Map(rows.map(({ outcome, n }) => [outcome, n]));
  const nobody = (counts.get("no_match_key") ?? 0) + (counts.get("lead_not_found") ?? 0);
  const events = counts.get("event") ?? 0;
  expect(events).toBeGreaterThan(0);
  // At most: of whom Meta could not recognise nothing is sent, and what was filled before them neither.
  expect(before.events.lastSevenDays).toBeGreaterThanOrEqual(events);
  expect(before.events.lastSevenDays - events).toBeLessThanOrEqual(3 * nobody);
  expect((await view()).events).toEqual({ now: 0, lastSevenDays: 0, partial: false });
});
