import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConnectionId, TenantId } from "../../core/types.ts";
import type { SetupCheck, SetupView } from "../../server/api/setup.ts";
import { findMapping, saveMapping } from "../../server/store/mappings.ts";
import { type Installs, openInstalls } from "./install-world.ts";

let world: Installs;
beforeAll(async () => {
  world = await openInstalls();
});
afterAll(() => world.close());

type Signed = Awaited<ReturnType<Installs["connected"]>>;
const setup = async ({ browser }: Signed, query = ""): Promise<SetupView> => {
  const { status, body } = await browser.ask<SetupView>(`/setup${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const states = async (signed: Signed) =>
  Object.fromEntries((await setup(signed)).steps.map(({ step, state }) => [step, state]));
async function connectMeta({ browser }: Signed) {
  const { datasetId: metaId, token } = await world.act<Record<"datasetId" | "token", string>>("meta", "grant", {});
  const { status } = await browser.post("/datasets", { metaId, token });
  expect(status).toBe(200);
  return { metaId, token };
}
/** An admin looks at the suggestion and saves it. */
async function saveSuggestion({ workspace, connection }: Signed): Promise<void> {
  const { db } = world.store;
  const [tenant, id] = [workspace as TenantId, connection as ConnectionId];
  const saved = await findMapping(db, tenant, id);
  if (!saved) throw new Error("nothing is suggested");
  const { version: from, ...mapping } = saved.mapping;
  await saveMapping(db, tenant, id, { from, mapping, savedBy: "usr_x" }, world.clock.now());
}
async function readThrough(signed: Signed): Promise<void> {
  for (let turns = 0; turns < 30 && (await setup(signed)).reading?.first; turns += 1) await world.read();
}

describe("the steps of setting up", () => {
  test("go from todo to done one after the other, and whoever comes back finds them where they were", async () => {
    const signed = await world.connected("hubspot", { portal: (await world.portals())[1]?.accountId ?? "" });
    expect(await setup(signed)).toMatchObject({ current: "meta", connection: signed.connection });
    await connectMeta(signed);
    await readThrough(signed);
    expect(await states(signed)).toEqual({
      crm: "done",
      meta: "done",
      mapping: "todo",
      preview: "todo",
      live: "blocked",
    });
    await saveSuggestion(signed);
    expect(await setup(signed)).toMatchObject({ current: "preview", reading: { first: false } });

    const marks = `/connections/${signed.connection}/setup-marks`;
    expect((await signed.browser.post(marks, { mark: "preview", as: "skipped" })).status).toBe(200);
    expect(await setup(signed)).toMatchObject({ current: "live", marks: [{ mark: "preview", how: "skipped" }] });
    expect((await signed.browser.post(marks, { mark: "live", as: "done" })).status).toBe(400);

    expect((await signed.browser.post(`/connections/${signed.connection}/go-live`, { from: "now" })).status).toBe(200);
    const live = await setup(signed);
    expect(live.current).toBeUndefined();
    expect(live.live?.since).toBeDefined();
    expect(live.live?.firstAcceptedAt).toBeUndefined();
    await readThrough(signed);
    const person = { metaLeadId: "510000470389201" };
    await world.act("hubspot", "create", { portal: 2, object: "deal", person });
    for (let turns = 0; turns < 30 && !(await setup(signed)).live?.firstAcceptedAt; turns += 1) {
      world.clock.aheadMs += 60_000;
      await world.read();
      await world.send();
    }
    expect((await setup(signed)).live?.firstAcceptedAt).toBeDefined();
    world.clock.aheadMs = 0;
  });

  test("are red where the CRM has thrown us out or Meta takes our access no more, each with its way out", async () => {
    const signed = await world.connected("salesforce");
    const { token } = await connectMeta(signed);
    await readThrough(signed);
    await saveSuggestion(signed);
    const check = async () => (await signed.browser.ask<SetupCheck>("/setup/check")).body.checks;
    const all = await check();
    expect(all.map(({ step, state }) => [step, state])).toEqual([
      ["crm", "ok"],
      ["mapping", "ok"],
      ["meta", "ok"],
    ]);
    await world.act("meta", "revoke", { token });
    const red = (await check()).find(({ step }) => step === "meta");
    expect(red).toMatchObject({ state: "failed" });
    expect(red?.fix).toBeTruthy();
    await world.store.pool.query(
      "update lane set paused_reason = 'crm_disconnected', why = 'crm_disconnected' where id = $1",
      [signed.connection],
    );
    const crm = (await setup(signed)).steps.find(({ step }) => step === "crm");
    expect(crm).toMatchObject({ state: "attention" });
    expect(crm?.fix).toBeTruthy();
    expect(await states(signed)).toMatchObject({ live: "blocked" });
  });

  test("are a workspace's own: another's account is none", async () => {
    const mine = await world.connected("hubspot", { portal: (await world.portals())[2]?.accountId ?? "" });
    const theirs = (await world.orgs())[1];
    const other = await world.connected("salesforce", { user: theirs?.users[0]?.id ?? "" }).catch(() => undefined);
    const foreign = other?.connection ?? "con_nothere";
    for (const path of [`/setup?connection=${foreign}`, `/setup/check?connection=${foreign}`])
      expect((await mine.browser.ask(path)).status).toBe(404);
    const marking = { mark: "preview", as: "done" };
    expect((await mine.browser.post(`/connections/${foreign}/setup-marks`, marking)).status).toBe(404);
  });
});
