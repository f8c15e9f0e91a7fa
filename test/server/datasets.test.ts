import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { DatasetChecked, DatasetConnected } from "../../server/api/datasets.ts";
import { pauseLane } from "../../server/store/lanes.ts";
import { loadSecret } from "../../server/store/secrets.ts";
import { connectCrm } from "../../server/workspaces/workspace.ts";
import { type Granted, type MetaFront, openMeta } from "./meta-front.ts";

let here: MetaFront;
beforeAll(async () => {
  here = await openMeta();
});
afterAll(() => here.close());
beforeEach(async () => {
  await here.act("fault", {});
});

const grant = (input: object = {}): Promise<Granted> => here.act("grant", input);
async function check(metaId: string, token: string) {
  const { status, body } = await here.post<DatasetChecked>("/datasets/check", { metaId, token });
  expect(status).toBe(200);
  const steps = Object.fromEntries(body.steps.map(({ step, state }) => [step, state]));
  const failed = body.steps.find(({ state }) => state === "failed");
  return { ok: body.ok, steps, failed, body };
}
const all = (state: string) => ({ form: state, alive: state, found: state, crm: state, send: state });

describe("Checking a pasted dataset", () => {
  test("finds everything in order, says the dataset's name, and leaves no event at Meta", async () => {
    const { datasetId, token } = await grant({ name: "Leads of the shop" });
    const before = await here.received();
    const { ok, steps, body } = await check(` ${datasetId} `, ` ${token}\n`);
    expect({ ok, steps }).toEqual({ ok: true, steps: all("ok") });
    expect(body.name).toBe("Leads of the shop");
    expect(body.steps.map(({ words }) => words).join(" ")).toContain("has no end");
    expect(await here.received()).toBe(before);
  });

  test.each([
    ["an id that is no number", { metaId: "abc" }, "15 or 16 digits"],
    ["an app's own token", { token: "1234567|abcdefghijklmnop" }, "app's own token"],
    ["an app secret", { token: "0123456789abcdef0123456789abcdef" }, "app secret"],
    ["a token with a space in it", { token: "EAAabc def" }, "begins with EAA"],
  ])("sees %s before anybody is asked", async (_what, change, words) => {
    const { datasetId, token } = await grant();
    const given = { metaId: datasetId, token, ...change };
    const { ok, steps, failed } = await check(given.metaId, given.token);
    expect({ ok, steps }).toEqual({ ok: false, steps: { ...all("not_reached"), form: "failed" } });
    expect(failed?.words).toContain(words);
    expect(failed?.fix).toBeTruthy();
  });

  test("tells an unknown, a revoked and an ended token apart", async () => {
    const { datasetId, token } = await grant();
    const dead = { ...all("not_reached"), form: "ok", alive: "failed" };
    const unknown = await check(datasetId, `${token.slice(0, -4)}AAAA`);
    expect(unknown).toMatchObject({ ok: false, steps: dead, failed: { words: expect.stringContaining("not know") } });
    await here.act("revoke", { token });
    expect((await check(datasetId, token)).failed?.words).toContain("revoked");
    await here.act("expire", { token });
    expect((await check(datasetId, token)).failed?.words).toContain("has ended");
  });

  test("sees that the dataset is another's, and that the permission was taken", async () => {
    const [mine, other] = [await grant(), await grant()];
    const wrong = await check(other.datasetId, mine.token);
    expect(wrong.steps).toEqual({ form: "ok", alive: "ok", found: "failed", crm: "not_reached", send: "not_reached" });
    expect(wrong.failed?.words).toContain(other.datasetId);
    await here.act("forbid", { datasetId: mine.datasetId });
    expect((await check(mine.datasetId, mine.token)).failed?.words).toContain("may not send");
  });

  test("says that nothing is known while Meta is down, and never throws for it", async () => {
    const { datasetId, token } = await grant();
    await here.act("fault", { down: true });
    expect((await check(datasetId, token)).failed).toMatchObject({ fix: expect.stringContaining("Try again") });
    await here.act("fault", { status: 503 });
    expect((await check(datasetId, token)).ok).toBe(false);
  });

  test("proves by sending what a token that may only send does not let us see", async () => {
    const { datasetId, token } = await grant({ postOnly: true });
    const { ok, steps, body } = await check(datasetId, token);
    expect({ ok, steps }).toEqual({ ok: true, steps: { ...all("ok"), crm: "unseen" } });
    expect(body.name).toBeUndefined();
    const other = await grant();
    expect((await check(other.datasetId, token)).steps).toMatchObject({ found: "failed", send: "not_reached" });
  });

  test("is for admins only", async () => {
    const { datasetId: metaId, token } = await grant();
    for (const path of ["/datasets/check", "/datasets"]) {
      const asked = (asker: "viewer" | "nobody") =>
        here.post(path, { metaId, token }, here.people.as(asker, here.tenant));
      expect((await asked("viewer")).status).toBe(403);
      expect((await asked("nobody")).status).toBe(401);
    }
  });
});

describe("Connecting a pasted dataset", () => {
  test("keeps the token sealed, says so in the audit log, and lets connections without a dataset send there", async () => {
    const tenantId = here.tenant.id;
    const common = { tenantId, connector: "http", name: "In-house", config: {} };
    await connectCrm({ ...common, accountId: "in-house" }, undefined, here.workspace);
    const { datasetId, token } = await grant({ name: "First" });
    const { status, body } = await here.post<DatasetConnected>("/datasets", { metaId: datasetId, token });
    expect({ status, body }).toMatchObject({ status: 200, body: { metaId: datasetId, name: "First", via: "pasted" } });
    const place = { tenantId, ownerId: body.id, kind: "meta" };
    const sealed = await loadSecret(here.store.db, place);
    expect(sealed && here.workspace.vault.open(place, sealed)).toBe(JSON.stringify({ token }));
    expect(sealed?.ciphertext.includes(token.slice(0, 20))).toBe(false);
    expect(await here.audit()).toContain("dataset.connected");
    const rows = await here.store.db.selectFrom("connection").select("dataset_id").execute();
    expect(rows).toEqual([{ dataset_id: body.id }]);
    const listed = await here.get<{ datasets: DatasetConnected[] }>("/datasets", here.people.as("viewer", here.tenant));
    expect(listed.body.datasets).toEqual([body]);
  });

  test("again replaces the token and resumes what stood still for it, but not what an admin has paused", async () => {
    const { datasetId, token } = await grant();
    const { body } = await here.post<DatasetConnected>("/datasets", { metaId: datasetId, token });
    const lane = { tenantId: here.tenant.id, kind: "send", id: body.id } as const;
    await here.act("revoke", { token });
    await pauseLane(here.store.db, lane, "meta_token");
    const fresh = await grant({ datasetId });
    const again = await here.post<DatasetConnected>("/datasets", {
      metaId: datasetId,
      token: fresh.token,
      name: "Ours",
    });
    expect(again.body).toMatchObject({ id: body.id, name: "Ours" });
    expect((await here.lane(body.id)).paused_reason).toBeNull();
    await pauseLane(here.store.db, lane, "by_admin");
    await here.post("/datasets", { metaId: datasetId, token: fresh.token });
    expect((await here.lane(body.id)).paused_reason).toBe("by_admin");
    // One that was disconnected is connected by this, whatever it stood still for.
    const gone = here.store.db.updateTable("dataset").set({ disconnected_at: new Date() }).where("id", "=", body.id);
    await gone.execute();
    await here.post("/datasets", { metaId: datasetId, token: fresh.token });
    expect((await here.lane(body.id)).paused_reason).toBeNull();
  });

  test("refuses what does not pass the check, in its words, and keeps nothing", async () => {
    const { datasetId, token } = await grant();
    await here.act("forbid", { datasetId });
    const { status, body } = await here.post<{ detail: string }>("/datasets", { metaId: datasetId, token });
    expect(status).toBe(400);
    expect(body.detail).toContain("may not send");
    const rows = await here.store.db.selectFrom("dataset").selectAll().where("meta_id", "=", datasetId).execute();
    expect(rows).toEqual([]);
  });

  test("keeps every digit of a long id, and takes none that comes as a number", async () => {
    const { token } = await grant({ datasetId: "999999999999999" });
    const { body } = await here.post<DatasetConnected>("/datasets", { metaId: "999999999999999", token });
    expect(body.metaId).toBe("999999999999999");
    expect((await here.post("/datasets", { metaId: 999999999999999, token })).status).toBe(400);
  });
});

test("T35: neither token nor its words come into an address, the log or the answer", async () => {
  const { datasetId, token } = await grant();
  const { body } = await check(datasetId, token);
  await here.post("/datasets", { metaId: datasetId, token });
  expect(here.called.length).toBeGreaterThan(5);
  const places = { answer: JSON.stringify(body), log: here.logged.join("\n"), addresses: here.called.join("\n") };
  for (const text of Object.values(places)) expect(text).not.toContain(token.slice(0, 20));
});
