import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import type { GoLiveView } from "../../server/api/go-live.ts";
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
  expect(await view()).toEqual({ live: false, datasets: [] });
  expect(await browser.post(at(signed), { from: "now" })).toMatchObject({ status: 409, body: { code: "conflict" } });

  const dataset = await datasetOf(signed, "First");
  expect(await view()).toEqual({ live: false, dataset: dataset.id, datasets: [dataset] });
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
