import { gzipSync } from "node:zlib";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { forgetTenant } from "../../server/store/tenants.ts";
import { type Customer, type Front, openFront } from "./front.ts";

let front: Front;
let acme: Customer;

beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());
beforeEach(async () => {
  if (acme) await forgetTenant(front.store.db, acme.tenant.id);
  front.clock.at = new Date("2026-11-23T09:00:00Z");
  front.woken.ingest = 0;
  acme = await front.customer("Acme");
});

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what theirs has
  readonly body: any;
}
async function send(path: string, body: string | Uint8Array, headers: Record<string, string>): Promise<Reply> {
  const init = { method: "POST", headers: { "content-type": "application/json", ...headers } };
  const answer = await fetch(`${front.url}${path}`, { ...init, body: body as string });
  const text = await answer.text();
  return { status: answer.status, type: answer.headers.get("content-type") ?? "", text, body: JSON.parse(text) };
}
const changesPath = "/ingest/v1/stage-changes";
const push = (body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  send(changesPath, typeof body === "string" ? body : JSON.stringify(body), {
    authorization: acme.bearer,
    ...headers,
  });
const outcomes = (body: unknown): Promise<Reply> =>
  send("/ingest/v1/outcomes", typeof body === "string" ? body : JSON.stringify(body), { authorization: acme.bearer });

/** Signed as the standard's own library signs. */
function signed(
  body: string,
  { secret = acme.secret, at = front.clock.at, id = "msg_1" } = {},
): Record<string, string> {
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
    "webhook-signature": new Webhook(secret).sign(id, at, body),
  };
}
const change = (more: object = {}): Record<string, unknown> => ({
  record_id: "4711",
  object: "lead",
  pipeline: "sales",
  stage: "Engaging",
  occurred_at: "2026-11-23T08:00:00Z",
  lead_id: "5100000470389255",
  ...more,
});
const inbox = () => front.store.db.selectFrom("inbox").selectAll().where("tenant_id", "=", acme.tenant.id).execute();

/** What every refusal looks like. */
function expectProblem(reply: Reply, status: number, code: string): void {
  expect(reply.type).toBe("application/problem+json; charset=utf-8");
  expect(reply.status).toBe(status);
  expect(reply.body).toEqual({
    type: `urn:stagewire:problem:${code}`,
    title: expect.any(String),
    status,
    detail: expect.any(String),
    code,
    fix: expect.any(String),
  });
}

describe("who may push", () => {
  test("the holder of the key, with and without the connection in the address", async () => {
    expect((await push(change())).status).toBe(202);
    const path = `${changesPath}/${acme.connection.id}`;
    const again = await send(path, JSON.stringify(change()), { authorization: acme.bearer });
    expect([again.status, again.body.duplicates]).toEqual([202, 1]);
    const lowerCase = acme.bearer.replace("Bearer", "bearer");
    expect((await push(change(), { authorization: lowerCase })).status).toBe(202);
    expect(front.woken.ingest).toBe(1);
  });

  test("whoever signs the exact bytes with the connection's secret", async () => {
    const body = JSON.stringify(change({ contact: { first_name: "Zoë" } }));
    const path = `${changesPath}/${acme.connection.id}`;
    expect((await send(path, body, signed(body))).status).toBe(202);
    expectProblem(await send(path, `${body} `, signed(body)), 401, "signature_invalid");
    expect(await inbox()).toHaveLength(1);
  });

  test("nobody else, and all hear the same: nothing tells whether the connection is there", async () => {
    const other = await front.customer("Other");
    const body = JSON.stringify(change());
    const here = `${changesPath}/${acme.connection.id}`;
    const nowhere = `${changesPath}/con_0000000000`;
    const stale = new Date(front.clock.at.getTime() - 301_000);
    const headers: [path: string, headers: Record<string, string>][] = [
      [changesPath, {}],
      [here, {}],
      [nowhere, {}],
      [here, { authorization: other.bearer }],
      [here, { authorization: `Bearer ${other.connection.id}.${acme.secret}` }],
      [`${changesPath}/${other.connection.id}`, { authorization: acme.bearer }],
      [changesPath, { authorization: `Bearer ${acme.connection.id}.${other.secret}` }],
      [changesPath, { authorization: `Bearer ${acme.connection.id}.` }],
      [changesPath, { authorization: `Bearer ${acme.secret}` }],
      [here, { authorization: `Bearer ${acme.secret}` }],
      [changesPath, { authorization: `Basic ${acme.secret}` }],
      [nowhere, { authorization: acme.bearer }],
      [`${changesPath}/%00`, { authorization: acme.bearer }],
      [`${changesPath}/${"x".repeat(5_000)}`, { authorization: acme.bearer }],
      [here, signed(body, { secret: other.secret })],
      [nowhere, signed(body)],
      [here, { ...signed(body), "webhook-signature": "v1," }],
      [here, { ...signed(body), "webhook-id": "msg_2" }],
      [here, { ...signed(body), authorization: "Bearer" }],
    ];
    const replies = await Promise.all(headers.map(([path, more]) => send(path, body, more)));
    for (const [n, reply] of replies.entries()) {
      expect([reply.status, reply.text], JSON.stringify(headers[n])).toEqual([401, replies[0]?.text]);
      expectProblem(reply, 401, "signature_invalid");
    }
    const late = await Promise.all([here, nowhere].map((path) => send(path, body, signed(body, { at: stale }))));
    expectProblem(late[0] as Reply, 401, "signature_invalid");
    expect(late[1]?.text).toBe(late[0]?.text);
    expect(await front.store.db.selectFrom("inbox").selectAll().execute()).toEqual([]);
    await forgetTenant(front.store.db, other.tenant.id);
  });

  test("the key of a connection to a real CRM does not exist", async () => {
    const { db } = front.store;
    await db.updateTable("connection").set({ connector: "hubspot" }).where("id", "=", acme.connection.id).execute();
    expectProblem(await push(change()), 401, "signature_invalid");
  });
});

describe("what is pushed", () => {
  test("is one change, a list, or lines", async () => {
    expect((await push(change())).body).toMatchObject({ accepted: 1, duplicates: 0, rejected: 0 });
    const list = [change({ record_id: "1" }), change({ record_id: "2" })];
    expect((await push(list)).body).toMatchObject({ accepted: 2 });
    const lines = `${JSON.stringify(change({ record_id: "3" }))}\r\n\n${JSON.stringify(change({ record_id: "4" }))}\n`;
    expect((await push(lines, { "content-type": "application/x-ndjson" })).body).toMatchObject({ accepted: 2 });
    expect((await inbox()).map((row) => row.record_id).sort()).toEqual(["1", "2", "3", "4", "4711"]);
  });

  test("is answered item by item: the good ones are taken", async () => {
    const first = { id: "first", record_id: "1" };
    const { status, body } = await push([
      change(first),
      change({ stage: undefined, contact: { email: "jane@example.com" } }),
      change(first),
      null,
      change({ record_id: "2", lead_id: "12", favourite_colour: "blue" }),
    ]);
    expect(status).toBe(202);
    expect(body).toMatchObject({ accepted: 2, duplicates: 1, rejected: 2 });
    expect(body.items).toEqual([
      { index: 0, id: "first", status: "accepted" },
      { index: 1, status: "rejected", errors: [{ path: "stage", code: "missing", message: expect.any(String) }] },
      { index: 2, id: "first", status: "duplicate" },
      { index: 3, status: "rejected", errors: [{ path: "", code: "not_an_object", message: expect.any(String) }] },
      {
        index: 4,
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        status: "accepted",
        warnings: [expect.stringMatching(/^lead_id/), "favourite_colour:ignored"],
      },
    ]);
    expect(JSON.stringify(body)).not.toContain("jane");
    expect(front.woken.ingest).toBe(1);
  });

  test("is refused as a whole when nothing of it can be taken", async () => {
    const { status, body } = await push([change({ stage: "" })]);
    expect([status, body.rejected]).toEqual([422, 1]);
    expect(front.woken.ingest).toBe(0);
  });

  test("is taken once, however many send it at the same time", async () => {
    const replies = await Promise.all(Array.from({ length: 50 }, () => push(change())));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([202]));
    const sum = (what: "accepted" | "duplicates") => replies.reduce((all, { body }) => all + body[what], 0);
    expect([sum("accepted"), sum("duplicates")]).toEqual([1, 49]);
    expect(await inbox()).toHaveLength(1);
  });

  test("leaves no contact data behind that can be read", async () => {
    const contact = {
      email: "jane.roe@example.com",
      phone: "+1 415 555 2671",
      first_name: "Jane",
      city: "Springfield",
    };
    expect((await push(change({ contact }))).status).toBe(202);
    const [row] = await inbox();
    const text = JSON.stringify(row);
    for (const plain of ["jane", "example.com", "415", "555", "2671", "roe", "springfield"])
      expect(text.toLowerCase()).not.toContain(plain);
    expect(JSON.parse(row?.body ?? "").lead.contact).toEqual({
      em: [expect.stringMatching(/^[0-9a-f]{64}$/)],
      ph: [expect.stringMatching(/^[0-9a-f]{64}$/)],
      fn: [expect.stringMatching(/^[0-9a-f]{64}$/)],
      ct: [expect.stringMatching(/^[0-9a-f]{64}$/)],
    });
    expect(front.logged.join().toLowerCase()).not.toContain("jane");
  });
});

describe("the limits", () => {
  test("500 items are taken, 501 are not", async () => {
    const list = (count: number) => Array.from({ length: count }, (_, n) => ({ ...change(), record_id: String(n) }));
    expectProblem(await push(list(501)), 413, "too_large");
    expect(await inbox()).toHaveLength(0);
    expect((await push(list(500))).body.accepted).toBe(500);
  });

  test("1 MiB is read, one byte more is not", async () => {
    const body = JSON.stringify(change());
    const padded = (size: number) => body + " ".repeat(size - body.length);
    expectProblem(await push(padded(1_048_577)), 413, "too_large");
    expect((await push(padded(1_048_576))).status).toBe(202);
  });

  test("a compressed body is refused: it would be unpacked before anybody knows whose it is", async () => {
    const zipped = gzipSync(JSON.stringify(change()));
    const headers = { authorization: acme.bearer, "content-encoding": "gzip" };
    const reply = await send(changesPath, zipped, headers);
    expectProblem(reply, 400, "input_invalid");
    expect(reply.body.detail).toContain("uncompressed");
  });

  test("JSON nested 20 deep is refused by item, 100,000 deep as well", async () => {
    const deep = (levels: number) => `{"x":`.repeat(levels) + 1 + "}".repeat(levels);
    for (const levels of [20, 100_000]) {
      const { status, body } = await push(`{"record_id":"1","contact":${deep(levels)}}`);
      expect([status, body.items[0].errors[0].code]).toEqual([422, "too_deep"]);
    }
    const lists = await push("[".repeat(100_000) + "]".repeat(100_000));
    expect([lists.status, lists.body.items[0].errors[0].code]).toEqual([422, "not_an_object"]);
  });
});

describe("broken input", () => {
  test.each([
    ["nothing", "", ""],
    ["half an object", '{"record_id":"4711"', "at position 19 (line 1 column 20)"],
    ["a missing comma", '[{"a":1}\n{"email":"jane@example.com"}]', "at position 9 (line 2 column 1)"],
    ["a word", '{"email":"jane@example.com","x":oops}', ""],
  ])("is refused with its place where it is known, and never quoted: %s", async (_, text, place) => {
    const reply = await push(text);
    expectProblem(reply, 400, "input_invalid");
    expect(reply.body.detail).toContain(`the body is not JSON${place && ` ${place}`}`);
    expect(reply.text).not.toMatch(/jane|oops/);
  });

  test("in lines is named by its line", async () => {
    const lines = `${JSON.stringify(change())}\n\n{"email":"jane@example.com"`;
    const reply = await push(lines, { "content-type": "application/x-ndjson" });
    expectProblem(reply, 400, "input_invalid");
    expect(reply.body.detail).toContain("line 3 of the body is not JSON");
    expect(reply.text).not.toContain("jane");
    expect(await inbox()).toEqual([]);
  });

  test.each<[string, object, string, string]>([
    ["a NUL character", { record_id: "1\u0000" }, "record_id", "nul"],
    ["half a surrogate pair", { record_id: "1\ud800" }, "record_id", "broken_unicode"],
    ["a field name with NUL", { "a\u0000": 1 }, "", "bad_name"],
    ["a lead id as a number", { lead_id: 5100000470389255 }, "lead_id", "wrong_type"],
    ["a time in milliseconds", { occurred_at: 1_795_424_400_000 }, "occurred_at", "wrong_type"],
    ["a time in milliseconds as text", { occurred_at: "1795424400000" }, "occurred_at", "number"],
    ["the year 1970", { occurred_at: "1970-01-01T00:00:00Z" }, "occurred_at", "implausible_time"],
    ["a time to come", { occurred_at: "2026-11-23T09:10:01Z" }, "occurred_at", "in_future"],
    ["a time without its offset", { occurred_at: "2026-11-23T08:00:00" }, "occurred_at", "no_offset"],
    ["a day that does not exist", { occurred_at: "2026-02-30T08:00:00Z" }, "occurred_at", "not_a_time"],
    ["the same field twice", { event_time: "2026-11-23T08:30:00Z" }, "event_time", "twice"],
    ["an id that is none", { id: "a b" }, "id", "not_valid"],
  ])("is told by field and code: %s", async (_, more, path, code) => {
    const { status, body } = await push(change(more));
    expect(status).toBe(422);
    expect(body.items[0].errors).toEqual([{ path, code, message: expect.any(String) }]);
    expect(await inbox()).toEqual([]);
  });
});

describe("what became of it", () => {
  test("a stage that nobody mapped is taken, and said to be not mapped", async () => {
    await push([
      change({ id: "a", stage: "Dancing" }),
      change({ id: "b", record_id: "2" }),
      change({ id: "c", record_id: "2", occurred_at: "2026-11-23T08:00:00.000Z" }),
      change({ id: "d", record_id: "3", occurred_at: "2026-11-01T08:00:00Z" }),
    ]);
    expect((await outcomes({ ids: ["a"] })).body.outcomes).toEqual({ a: { state: "pending" } });
    await front.read();
    const { status, body } = await outcomes({ ids: ["a", "b", "c", "d", "unknown"] });
    expect(status).toBe(200);
    expect(body.outcomes).toEqual({
      a: { state: "not_sent", reason: "stage_not_mapped", title: "Stage not mapped" },
      b: { state: "waiting" },
      c: { state: "not_sent", reason: "duplicate", title: "The same stage entry was pushed before" },
      d: { state: "not_sent", reason: "before_live", title: "Before the start" },
    });
  });

  test("the address and the signature serve here as well", async () => {
    await push(change({ id: "a" }));
    const body = JSON.stringify({ ids: ["a"] });
    const reply = await send(`/ingest/v1/outcomes/${acme.connection.id}`, body, signed(body));
    expect([reply.status, reply.body]).toEqual([200, { outcomes: { a: { state: "pending" } } }]);
  });

  test("is told to nobody but the one who pushed", async () => {
    await push(change({ id: "a" }));
    const other = await front.customer("Other");
    const theirs = await send("/ingest/v1/outcomes", '{"ids":["a"]}', { authorization: other.bearer });
    expect(theirs.body).toEqual({ outcomes: {} });
    expectProblem(await send("/ingest/v1/outcomes", '{"ids":["a"]}', {}), 401, "signature_invalid");
    await forgetTenant(front.store.db, other.tenant.id);
  });

  test.each<[string, unknown]>([
    ["nothing", null],
    ["a list", ["a"]],
    ["no ids", {}],
    ["ids that are no text", { ids: [1] }],
    ["an id with NUL", { ids: ["a\u0000"] }],
    ["1,001 ids", { ids: Array.from({ length: 1_001 }, String) }],
    ["no JSON", "ids"],
  ])("is not told for %s", async (_, body) => {
    expectProblem(await outcomes(body), 400, "input_invalid");
  });
});

test("while the database is gone the sender is asked to come again, and nothing of the data is logged", async () => {
  await front.wire.cut();
  const answer = await fetch(`${front.url}${changesPath}`, {
    method: "POST",
    headers: { authorization: acme.bearer },
    body: JSON.stringify(change({ contact: { email: "jane@example.com" } })),
  });
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await answer.json()).toMatchObject({ status: 503, code: "store_unavailable" });
  expect(front.logged.join()).toContain("/ingest/v1/stage-changes{/:connection} failed");
  expect(front.logged.join()).not.toContain("jane");
  await front.wire.mend();
  expect((await push(change())).status).toBe(202);
});
