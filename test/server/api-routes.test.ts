import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AuditView, type ReconciliationView, reconciliationView } from "../../server/api/operations.ts";
import type { Overview } from "../../server/api/schema.ts";
import { routes } from "../../server/app.ts";
import { findConnection } from "../../server/store/connections.ts";
import { watchProblems } from "../../server/workers/problems.ts";
import { silent } from "../postgres.ts";
import { type Customer, type Front, openFront } from "./front.ts";

let front: Front;
let acme: Customer;
let other: Customer;
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
  front.clock.at = new Date("2026-11-23T09:00:01Z"); // the workspace that calls is the one made first
  other = await front.customer("Other");
  await give(acme, 450);
  await give(other, 1);
});
afterAll(() => front.close());

/** So many events that Meta refused, all for the same cause. */
async function give({ bearer, datasetId }: Customer, count: number): Promise<void> {
  const changes = Array.from({ length: count }, (_, n) => ({
    record_id: String(n + 1),
    pipeline: "sales",
    stage: "Prospecting",
    // The first ten are so old that they expire within the next hour.
    occurred_at: n < 10 && count > 10 ? "2026-11-20T08:00:00Z" : "2026-11-23T08:00:00Z",
    lead_id: String(510000470389200 + n),
  }));
  const init = { method: "POST", headers: { authorization: bearer }, body: JSON.stringify(changes) };
  expect((await fetch(`${front.url}/ingest/v1/stage-changes`, init)).status).toBe(202);
  await front.read();
  const now = front.clock.at;
  const lease = (await front.store.outbox.claim("send", now, 10, 60_000)).find(({ id }) => id === datasetId);
  if (!lease) throw new Error("nothing to send");
  const dead = Array.from({ length: count }, (_, n) => ({
    seq: n + 1,
    reason: "refused_invalid" as const,
    code: 100,
    subcode: 2804003,
    words: "Not like this",
  }));
  await front.store.outbox.advance(lease, { cursor: count, dead }, now);
  await front.store.outbox.release(lease, {}, now);
}

interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}
async function call<Body>(method: string, path: string, init: RequestInit = {}): Promise<Answer<Body>> {
  const answer = await front.fetch(path, { method, ...init });
  return { status: answer.status, body: (await answer.json()) as Body };
}
const get = <Body>(path: string) => call<Body>("GET", path);
/** Each at an instant of its own. */
const post = <Body>(path: string, body: unknown = {}) => {
  front.clock.at = new Date(front.clock.at.getTime() + 1);
  const headers = { "content-type": "application/json" };
  return call<Body>("POST", path, { headers, body: JSON.stringify(body) });
};
/** As an owner's browser would: fetch sets these headers itself. */
const fromPage = async (path: string, headers: Record<string, string>): Promise<number> => {
  const cookie = (await front.people.cookie("owner")) ?? "";
  return await new Promise((resolve, reject) => {
    const { hostname, port } = new URL(front.url);
    const sent = request({ hostname, port, path, method: "POST", headers: { cookie, ...headers } }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
    });
    sent.on("error", reject).end("{}");
  });
};

/** A route's path with this customer's ids in it. */
async function filled(path: string, { connection, datasetId, tenant }: Customer): Promise<string> {
  const { rows } = await front.store.pool.query("select id from problem where tenant_id = $1", [tenant.id]);
  const id = path.includes("/connections/") ? connection.id : path.includes("/datasets/") ? datasetId : rows[0]?.id;
  return path.replace(":id", id).replace(":dataset", datasetId).replace(":seq", "1");
}
/** What people ask and do about the running service; every other route is in sweep.test.ts too. */
const apiRoutes = () =>
  routes(front.parts).filter(({ path }) =>
    /^\/api\/v1\/(problems|deliveries|overview|audit|(connections|datasets)\/:id\/(pause|resume|check-now|explain|reconciliation)$)/.test(
      path,
    ),
  );
const watch = () =>
  watchProblems({ store: front.store, log: silent, crmName: (name) => name, consoleUrl: () => "" })(front.clock.at);
const audit = async () => (await get<AuditView>("/api/v1/audit")).body.entries;

describe("every route of the API", () => {
  beforeAll(watch);

  test("that changes something refuses what another site's page asks for, before it does anything", async () => {
    const unsafe = apiRoutes().filter(({ method }) => method === "post");
    expect(unsafe).toHaveLength(10);
    const before = await audit();
    const own = new URL(front.url).host;
    for (const { path } of unsafe)
      for (const headers of [
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { "sec-fetch-site": "none" },
        { origin: "https://evil.example" },
        { origin: "null" },
        { origin: `http://${own.split(":")[0]}:1` },
      ])
        expect(await fromPage(await filled(path, acme), headers), `${path} ${JSON.stringify(headers)}`).toBe(403);
    expect(await audit()).toEqual(before);
    const path = await filled("/api/v1/datasets/:id/resume", acme);
    const json = { "content-type": "application/json", origin: front.url, "sec-fetch-site": "same-origin" };
    expect(await fromPage(path, json)).toBe(200);
  });

  test("knows no other tenant's things, and no ids that are none", async () => {
    const withIds = apiRoutes().filter(({ path }) => path.includes("/:"));
    expect(withIds).toHaveLength(15);
    for (const { method, path } of withIds) {
      const strange = ["con_x'", "dst_%00", "prb_nothere", "-1", "1e3", "%2e%2e"];
      const paths = [await filled(path, other), ...strange.map((id) => path.replace(/:\w+/g, id))];
      const tail = path.endsWith("/explain") ? "?object=lead&record=1" : "";
      for (const each of paths) {
        const body = path.includes("/deliveries/") ? { as: "it_was" } : path.endsWith("/mute") ? { days: 1 } : {};
        const answer = method === "get" ? await get(`${each}${tail}`) : await post(each, body);
        expect(answer, each).toMatchObject({ status: 404, body: { code: "not_found" } });
      }
    }
    const { rows } = await front.store.pool.query("select what from audit where tenant_id = $1", [other.tenant.id]);
    expect(rows).toEqual([{ what: "workspace.made" }]);
  });

  test("takes the right method, JSON, and nothing that its schema does not know", async () => {
    for (const { method, path } of apiRoutes().filter((route) => route.method === "post")) {
      const own = await filled(path, acme);
      if (!apiRoutes().some((route) => route.method === "get" && route.path === path))
        expect((await get(own)).status, own).toBe(404);
      const refused = { status: 400, body: { code: "input_invalid" } };
      expect(await post(own, { as: "nonsense", surprise: true }), own).toMatchObject(refused);
      expect(await post(own, []), own).toMatchObject(refused);
      const text = { headers: { "content-type": "text/plain" }, body: '{"as":"it_was"}' };
      expect(await call(method.toUpperCase(), own, text), own).toMatchObject(refused);
      const broken = { headers: { "content-type": "application/json" }, body: '{"as":' };
      expect(await call(method.toUpperCase(), own, broken), own).toMatchObject(refused);
    }
    for (const query of ["", "?object=lead", "?object=a:b&record=1", "?object=lead&record=%00", "?object=lead&record="])
      expect(await get((await filled("/api/v1/connections/:id/explain", acme)) + query), query).toMatchObject({
        status: 400,
      });
    for (const query of ["?limit=0", "?limit=x", "?before=1"])
      expect((await get(`/api/v1/audit${query}`)).status, query).toBe(400);
    expect((await get("/api/v1/problems?state=sideways")).status).toBe(400);
    expect((await call("PUT", "/api/v1/audit")).status).toBe(404);
  });
});

describe("pausing", () => {
  test("stops sending or reading until it is resumed, says so in the overview, and is written down once", async () => {
    for (const path of [`/api/v1/datasets/${acme.datasetId}`, `/api/v1/connections/${acme.connection.id}`]) {
      const noun = path.includes("dataset") ? "dataset" : "connection";
      expect(await post(`${path}/pause`)).toEqual({ status: 200, body: { paused: true, pausedCode: "by_admin" } });
      const pausedAt = front.clock.at.toISOString();
      await post(`${path}/pause`);
      const { body: paused } = await get<Overview>("/api/v1/overview");
      expect(paused.pausedByAdmin).toBe(true);
      expect(paused[`${noun}s`][0]).toMatchObject({ pausedCode: "by_admin" });
      const [last, before] = await audit();
      expect(last).toMatchObject({ who: expect.stringMatching(/^usr_/), what: `${noun}.paused`, at: pausedAt });
      expect(before?.what).not.toBe(`${noun}.paused`);
      if (noun === "connection")
        expect(await post(`${path}/check-now`)).toMatchObject({
          status: 409,
          body: { detail: expect.stringContaining("resume it first") },
        });
      expect(await post(`${path}/resume`)).toEqual({ status: 200, body: { paused: false } });
      await post(`${path}/resume`);
      expect((await audit())[0]).toMatchObject({ what: `${noun}.resumed`, about: { pausedCode: "by_admin" } });
      expect((await get<Overview>("/api/v1/overview")).body.pausedByAdmin).toBe(false);
    }
  });

  test("does not hide what a lane stands still for already", async () => {
    const stop = "update lane set paused_reason = 'meta_token', why = 'meta_token', due_at = null where id = $1";
    await front.store.pool.query(stop, [acme.datasetId]);
    expect((await post(`/api/v1/datasets/${acme.datasetId}/pause`)).body).toEqual({
      paused: true,
      pausedCode: "meta_token",
    });
    expect((await get<Overview>("/api/v1/overview")).body).toMatchObject({
      pausedByAdmin: false,
      datasets: [{ pausedCode: "meta_token", pausedReason: "Meta no longer accepts our access" }],
    });
    expect((await post(`/api/v1/datasets/${acme.datasetId}/resume`)).status).toBe(200);
  });

  test("and checking now make the reader look at once", async () => {
    await front.read();
    const claim = () => front.store.outbox.claim("read", front.clock.at, 20, 60_000);
    expect(await claim()).toEqual([]);
    const woken = front.woken.read;
    expect(await post(`/api/v1/connections/${acme.connection.id}/check-now`)).toMatchObject({ body: { asked: true } });
    expect(front.woken.read).toBe(woken + 1);
    const [lease] = await claim();
    expect(lease?.id).toBe(acme.connection.id);
    expect(await front.store.outbox.rings(acme.tenant.id, acme.connection.id, 10)).toMatchObject({ all: true });
    if (lease) await front.store.outbox.release(lease, {}, front.clock.at);
    expect((await findConnection(front.store.db, acme.tenant.id, acme.connection.id))?.pausedReason).toBeUndefined();
  });
});

test("the account of a day adds up, or says that it does not", async () => {
  const path = `/api/v1/connections/${acme.connection.id}/reconciliation`;
  expect((await get<ReconciliationView>(path)).body).toEqual({ days: [] });
  const insert = `insert into reconciliation (tenant_id, connection_id, day, seen, missed, accepted, waiting, refused, not_sent,
    checked_at) values ($1, $2, $3, $4, 0, 5, 2, 1, $5, $6)`;
  const { tenant, connection } = acme;
  const notSent = JSON.stringify({ no_consent: 1, stage_ignored: 3 });
  for (const [day, seen] of [
    ["2026-11-22", 12],
    ["2026-11-21", 13],
  ])
    await front.store.pool.query(insert, [tenant.id, connection.id, day, seen, notSent, front.clock.at]);
  const { days } = reconciliationView.parse((await get(path)).body);
  expect(days.map(({ day, addsUp }) => [day, addsUp])).toEqual([
    ["2026-11-22", true],
    ["2026-11-21", false],
  ]);
  expect(days[0]?.notSent).toEqual([
    { reason: "stage_ignored", title: "Stage switched off", count: 3 },
    { reason: "no_consent", title: "No consent", count: 1 },
  ]);
});

test("the audit log is read page by page, the latest first, and by nobody else", async () => {
  const all = await audit();
  expect(all.length).toBeGreaterThan(5);
  expect(all.map(({ at }) => at)).toEqual(
    all
      .map(({ at }) => at)
      .toSorted()
      .reverse(),
  );
  const pages: AuditView["entries"] = [];
  for (let before = ""; ; ) {
    const { entries } = (await get<AuditView>(`/api/v1/audit?limit=2${before}`)).body;
    pages.push(...entries);
    const last = entries.at(-1);
    if (!last) break;
    before = `&before=${last.id}`;
  }
  expect(pages).toEqual(all);
  const { rows } = await front.store.pool.query("select what from audit where tenant_id <> $1", [acme.tenant.id]);
  expect(rows, "of the others nobody did more than make them").toEqual([{ what: "workspace.made" }]);
  const web = front.store.web(acme.tenant.id, (trx) => trx.deleteFrom("audit").execute());
  await expect(web, "nothing is ever taken back").rejects.toThrow();
});
