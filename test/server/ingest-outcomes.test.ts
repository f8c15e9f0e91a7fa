import { describe, expect, test } from "vitest";
import { forgetTenant } from "../../server/store/tenants.ts";
import { change, expectProblem, inHouse } from "./ingest-world.ts";

const here = inHouse();
const { outcomes, push, send, signed } = here;

describe("what became of it", () => {
  test("a stage that nobody mapped is taken, and said to be not mapped", async () => {
    await push([
      change({ id: "a", stage: "Dancing" }),
      change({ id: "b", record_id: "2" }),
      change({ id: "c", record_id: "2", occurred_at: "2026-11-23T08:00:00.000Z" }),
      change({ id: "d", record_id: "3", occurred_at: "2026-11-01T08:00:00Z" }),
    ]);
    expect((await outcomes({ ids: ["a"] })).body.outcomes).toEqual({ a: { state: "pending" } });
    await here.front.read();
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
    const reply = await send(`/ingest/v1/outcomes/${here.acme.connection.id}`, body, signed(body));
    expect([reply.status, reply.body]).toEqual([200, { outcomes: { a: { state: "pending" } } }]);
  });

  test("is told to nobody but the one who pushed", async () => {
    await push(change({ id: "a" }));
    const other = await here.front.customer("Other");
    const theirs = await send("/ingest/v1/outcomes", '{"ids":["a"]}', { authorization: other.bearer });
    expect(theirs.body).toEqual({ outcomes: {} });
    expectProblem(await send("/ingest/v1/outcomes", '{"ids":["a"]}', {}), 401, "signature_invalid");
    await forgetTenant(here.front.store.db, other.tenant.id);
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
