import { describe, expect, test } from "vitest";
import { forgetTenant } from "../../server/store/tenants.ts";
import { change, changesPath, expectProblem, inHouse, type Reply } from "./ingest-world.ts";

const here = inHouse();
const { inbox, push, send, signed } = here;

describe("who may push", () => {
  test("the holder of the key, with and without the connection in the address", async () => {
    expect((await push(change())).status).toBe(202);
    const path = `${changesPath}/${here.acme.connection.id}`;
    const again = await send(path, JSON.stringify(change()), { authorization: here.acme.bearer });
    expect([again.status, again.body.duplicates]).toEqual([202, 1]);
    const lowerCase = here.acme.bearer.replace("Bearer", "bearer");
    expect((await push(change(), { authorization: lowerCase })).status).toBe(202);
    expect(here.front.woken.ingest).toBe(1);
  });

  test("whoever signs the exact bytes with the connection's secret", async () => {
    const body = JSON.stringify(change({ contact: { first_name: "Zoë" } }));
    const path = `${changesPath}/${here.acme.connection.id}`;
    expect((await send(path, body, signed(body))).status).toBe(202);
    expectProblem(await send(path, `${body} `, signed(body)), 401, "signature_invalid");
    expect(await inbox()).toHaveLength(1);
  });

  test("nobody else, and all hear the same: nothing tells whether the connection is there", async () => {
    const other = await here.front.customer("Other");
    const body = JSON.stringify(change());
    const there = `${changesPath}/${here.acme.connection.id}`;
    const nowhere = `${changesPath}/con_0000000000`;
    const stale = new Date(here.front.clock.at.getTime() - 301_000);
    const headers: [path: string, headers: Record<string, string>][] = [
      [changesPath, {}],
      [there, {}],
      [nowhere, {}],
      [there, { authorization: other.bearer }],
      [there, { authorization: `Bearer ${other.connection.id}.${here.acme.secret}` }],
      [`${changesPath}/${other.connection.id}`, { authorization: here.acme.bearer }],
      [changesPath, { authorization: `Bearer ${here.acme.connection.id}.${other.secret}` }],
      [changesPath, { authorization: `Bearer ${here.acme.connection.id}.` }],
      [changesPath, { authorization: `Bearer ${here.acme.secret}` }],
      [there, { authorization: `Bearer ${here.acme.secret}` }],
      [changesPath, { authorization: `Basic ${here.acme.secret}` }],
      [nowhere, { authorization: here.acme.bearer }],
      [`${changesPath}/%00`, { authorization: here.acme.bearer }],
      [`${changesPath}/${"x".repeat(5_000)}`, { authorization: here.acme.bearer }],
      [there, signed(body, { secret: other.secret })],
      [nowhere, signed(body)],
      [there, { ...signed(body), "webhook-signature": "v1," }],
      [there, { ...signed(body), "webhook-id": "msg_2" }],
      [there, { ...signed(body), authorization: "Bearer" }],
    ];
    const replies = await Promise.all(headers.map(([path, more]) => send(path, body, more)));
    for (const [n, reply] of replies.entries()) {
      expect([reply.status, reply.text], JSON.stringify(headers[n])).toEqual([401, replies[0]?.text]);
      expectProblem(reply, 401, "signature_invalid");
    }
    const late = await Promise.all([there, nowhere].map((path) => send(path, body, signed(body, { at: stale }))));
    expectProblem(late[0] as Reply, 401, "signature_invalid");
    expect(late[1]?.text).toBe(late[0]?.text);
    expect(await here.front.store.db.selectFrom("inbox").selectAll().execute()).toEqual([]);
    await forgetTenant(here.front.store.db, other.tenant.id);
  });

  test("the key of a connection to a real CRM does not exist", async () => {
    const { db } = here.front.store;
    await db
      .updateTable("connection")
      .set({ connector: "hubspot" })
      .where("id", "=", here.acme.connection.id)
      .execute();
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
    expect(here.front.woken.ingest).toBe(1);
  });

  test("is refused as a whole when nothing of it can be taken", async () => {
    const { status, body } = await push([change({ stage: "" })]);
    expect([status, body.rejected]).toEqual([422, 1]);
    expect(here.front.woken.ingest).toBe(0);
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
    expect(here.front.logged.join().toLowerCase()).not.toContain("jane");
  });
});

test("while the database is gone the sender is asked to come again, and nothing of the data is logged", async () => {
  await here.front.wire.cut();
  const answer = await fetch(`${here.front.url}${changesPath}`, {
    method: "POST",
    headers: { authorization: here.acme.bearer },
    body: JSON.stringify(change({ contact: { email: "jane@example.com" } })),
  });
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await answer.json()).toMatchObject({ status: 503, code: "store_unavailable" });
  expect(here.front.logged.join()).toContain("/ingest/v1/stage-changes{/:connection} failed");
  expect(here.front.logged.join()).not.toContain("jane");
  await here.front.wire.mend();
  expect((await push(change())).status).toBe(202);
});
