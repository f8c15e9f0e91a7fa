import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { IngestKeyMade, IngestKeysView, IngestKeyView } from "../../server/api/ingest-keys.ts";
import type { AuditView } from "../../server/api/operations.ts";
import { createLimits } from "../../server/sign-in/limits.ts";
import { endIngestKeys } from "../../server/store/ingest-keys.ts";
import { type Browsing, browsing } from "./browsing.ts";
import { type Customer, type Front, openFront } from "./front.ts";

let front: Front;
let acme: Customer;
let other: Customer;
let admin: Browsing;
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
  other = await front.customer("Other");
});
afterAll(() => front.close());
beforeEach(async () => {
  front.clock.at = new Date(front.clock.at.getTime() + 1_000);
  await front.store.pool.query("delete from ingest_key");
  admin = browsing(front.url, await front.people.cookie("admin", acme.tenant));
});

const hours = 3_600_000;
const later = (ms: number): void => {
  front.clock.at = new Date(front.clock.at.getTime() + ms);
};
const keysOf = ({ connection }: Customer): string => `/api/v1/connections/${connection.id}/keys`;
async function make(name = "ERP", asker = admin, of = acme): Promise<IngestKeyMade> {
  const { status, body } = await asker.tell<IngestKeyMade>(keysOf(of), { name });
  expect(status).toBe(200);
  return body;
}
const list = async (): Promise<readonly IngestKeyView[]> => (await admin.tell<IngestKeysView>(keysOf(acme))).body.keys;

/** Statuses; the change is another each time. */
let pushed = 0;
async function push(bearer: string, path = "/ingest/v1/stage-changes"): Promise<number> {
  pushed += 1;
  const occurred_at = "2026-11-23T08:00:00Z";
  const change = {
    record_id: String(pushed),
    pipeline: "sales",
    stage: "Engaging",
    occurred_at,
    lead_id: "5100000470389255",
  };
  const headers = { "content-type": "application/json", authorization: `Bearer ${bearer}` };
  const answer = await fetch(`${front.url}${path}`, { method: "POST", headers, body: JSON.stringify(change) });
  await answer.arrayBuffer();
  return answer.status;
}

describe("a key", () => {
  test("is shown once, opens its connection, and only its hash is kept", async () => {
    const { key, ...made } = await make();
    expect(key).toMatch(new RegExp(`^swk_${acme.connection.id.slice(4)}_[\\w-]{43}$`));
    expect(made).toMatchObject({ name: "ERP", state: "live", createdBy: expect.stringMatching(/^usr_/) });
    expect(await push(key)).toBe(202);
    expect(await push(key, `/ingest/v1/stage-changes/${acme.connection.id}`)).toBe(202);
    const [listed] = await list();
    expect(listed).toEqual({ ...made, usedAt: front.clock.at.toISOString() });
    const { rows } = await front.store.pool.query<{ row: string }>("select k::text as row from ingest_key k");
    expect(rows).toHaveLength(1);
    for (const part of [key, key.slice(-43)]) {
      expect(rows[0]?.row).not.toContain(part);
      expect(front.logged.join("\n")).not.toContain(part);
    }
    expect(JSON.stringify(await list())).not.toContain(key.slice(-43));
  });

  test("opens no other connection, whoever's", async () => {
    const { key } = await make();
    const secret = key.slice(-43);
    const there = other.connection.id;
    expect(await push(key, `/ingest/v1/stage-changes/${there}`)).toBe(401);
    expect(await push(`swk_${there.slice(4)}_${secret}`)).toBe(401);
    expect(await push(`swk_${there.slice(4)}_${secret}`, `/ingest/v1/stage-changes/${acme.connection.id}`)).toBe(401);
    expect(await push(`${acme.connection.id}.${secret}`)).toBe(401);
    expect(await push(`${acme.connection.id}.${key}`)).toBe(401);
    expect(await push(`${key.slice(0, -1)}${key.endsWith("A") ? "B" : "A"}`)).toBe(401);
    expect(await push(key)).toBe(202);
  });

  test("of one workspace is not there for the admins of another", async () => {
    const { id } = await make();
    const stranger = browsing(front.url, await front.people.cookie("owner", other.tenant));
    for (const path of [keysOf(acme), `${keysOf(acme)}/${id}/rotate`, `${keysOf(acme)}/${id}/end`])
      expect((await stranger.tell(path, path.endsWith("keys") ? { name: "x" } : {})).status, path).toBe(404);
    expect((await stranger.tell(`${keysOf(other)}/${id}/end`, {})).status).toBe(404);
    expect(await list()).toHaveLength(1);
    expect((await list())[0]?.state).toBe("live");
  });

  test("is made for connections that are pushed to, by admins, with a name, and not without end", async () => {
    const viewer = browsing(front.url, await front.people.cookie("viewer", acme.tenant));
    expect(await viewer.status(keysOf(acme))).toBe(403);
    expect(await viewer.status(keysOf(acme), { name: "x" })).toBe(403);
    for (const name of ["", " ", "a\u0000b", "x".repeat(61)])
      expect(await admin.status(keysOf(acme), { name }), JSON.stringify(name)).toBe(400);
    for (let n = 0; n < 10; n += 1) await make(`${n}`);
    expect(await admin.status(keysOf(acme), { name: "one more" })).toBe(409);
    const { db } = front.store;
    const of = db.updateTable("connection").where("id", "=", acme.connection.id);
    await of.set({ connector: "hubspot" }).execute();
    expect(await admin.status(keysOf(acme))).toBe(409);
    await of.set({ connector: "http" }).execute();
  });
});

describe("the end of a key", () => {
  test("rotated, the old one goes on until the chosen moment and the new one serves at once", async () => {
    const old = await make();
    const { status, body } = await admin.tell<IngestKeyMade>(`${keysOf(acme)}/${old.id}/rotate`, { oldEndsInHours: 2 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: "ERP", state: "live" });
    expect(body.key).not.toBe(old.key);
    expect((await list()).map(({ id, state }) => [id, state]).sort()).toEqual(
      [
        [old.id, "ending"],
        [body.id, "live"],
      ].sort(),
    );
    expect([await push(old.key), await push(body.key)]).toEqual([202, 202]);
    later(2 * hours - 1);
    expect(await push(old.key)).toBe(202);
    later(1);
    expect([await push(old.key), await push(body.key)]).toEqual([401, 202]);
    admin = browsing(front.url, await front.people.cookie("admin", acme.tenant)); // two hours are more than a session's
    expect(await admin.status(`${keysOf(acme)}/${old.id}/rotate`, {})).toBe(409);
  });

  test("rotated again, it does not live longer than was said first", async () => {
    const old = await make();
    await admin.tell(`${keysOf(acme)}/${old.id}/rotate`, { oldEndsInHours: 0 });
    expect(await push(old.key)).toBe(401);
    const second = await make("second");
    await admin.tell(`${keysOf(acme)}/${second.id}/rotate`, { oldEndsInHours: 1 });
    await admin.tell(`${keysOf(acme)}/${second.id}/rotate`, { oldEndsInHours: 720 });
    later(hours);
    expect(await push(second.key)).toBe(401);
  });

  test("comes at once when it is ended, once", async () => {
    const { id, key } = await make();
    const ending = () => admin.tell<IngestKeyView>(`${keysOf(acme)}/${id}/end`, {});
    expect((await ending()).body).toMatchObject({ id, state: "ended", endsAt: front.clock.at.toISOString() });
    expect(await push(key)).toBe(401);
    const again = (await ending()).body;
    expect(again).toMatchObject({ state: "ended" });
    expect((await list()).map(({ endsAt }) => endsAt)).toEqual([again.endsAt]);
  });

  test("comes for all of a connection together when it is let go", async () => {
    const keys = [await make("a"), await make("b")];
    const theirs = await make("c", browsing(front.url, await front.people.cookie("admin", other.tenant)), other);
    await endIngestKeys(front.store.db, acme.connection, front.clock.at);
    expect(await Promise.all(keys.map(({ key }) => push(key)))).toEqual([401, 401]);
    expect(await push(theirs.key)).toBe(202);
    expect(await push(`${acme.connection.id}.${acme.secret}`), "the signing secret is another matter").toBe(202);
  });

  test("is forgotten 90 days later, when another is made", async () => {
    const old = await make("old");
    await admin.tell(`${keysOf(acme)}/${old.id}/end`, {});
    later(91 * 24 * hours);
    admin = browsing(front.url, await front.people.cookie("admin", acme.tenant));
    await make("new");
    expect((await list()).map(({ name }) => name)).toEqual(["new"]);
  });
});

test("whatever is done with keys is in the audit log, by ids", async () => {
  const made = await make("Anna's laptop");
  later(1);
  const { body: next } = await admin.tell<IngestKeyMade>(`${keysOf(acme)}/${made.id}/rotate`, { oldEndsInHours: 1 });
  later(1);
  await admin.tell(`${keysOf(acme)}/${made.id}/end`, {});
  const { entries } = (await admin.tell<AuditView>("/api/v1/audit?limit=3")).body;
  const connection = acme.connection.id;
  expect(entries.map(({ what, about }) => [what, about])).toEqual([
    ["ingest_key.ended", { connection, key: made.id }],
    ["ingest_key.rotated", { connection, key: made.id, next: next.id, oldEndsInHours: 1 }],
    ["ingest_key.made", { connection, key: made.id }],
  ]);
  expect(JSON.stringify(entries)).not.toMatch(/Anna|swk_/);
});

test("a key's last use is noted once a minute, not with every push", async () => {
  const { key } = await make();
  const first = front.clock.at.toISOString();
  expect(await push(key)).toBe(202);
  later(59_000);
  expect(await push(key)).toBe(202);
  expect((await list())[0]?.usedAt).toBe(first);
  later(1_000);
  expect(await push(key)).toBe(202);
  expect((await list())[0]?.usedAt).toBe(front.clock.at.toISOString());
});

describe("T26: too many", () => {
  test("pushes of one connection have to wait, and others do not; whoever proves nothing is counted by address", async () => {
    const few = { ingest: { points: 2, seconds: 60 }, anyone: { points: 4, seconds: 60 } };
    const busy = await openFront(({ api }) => ({ api: { ...api, limits: createLimits(few) } }));
    try {
      const [one, two] = [await busy.customer("One"), await busy.customer("Two")];
      const ask = (authorization: string) =>
        fetch(`${busy.url}/ingest/v1/outcomes`, { method: "POST", headers: { authorization }, body: '{"ids":[]}' });
      expect((await ask(one.bearer)).status).toBe(200);
      expect((await ask(one.bearer)).status).toBe(200);
      const refused = await ask(one.bearer);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await refused.json()).toMatchObject({ code: "too_many" });
      expect((await ask(two.bearer)).status).toBe(200);
      const wrong = `${one.bearer.slice(0, -2)}x=`;
      const statuses: number[] = [];
      for (let n = 0; n < 5; n += 1) statuses.push((await ask(wrong)).status);
      expect(statuses).toEqual([401, 401, 401, 401, 429]);
      expect((await ask(two.bearer)).status, "whoever has the key is not kept out by those who guess").toBe(200);
    } finally {
      await busy.close();
    }
  });
});
