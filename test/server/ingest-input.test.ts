import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { change, changesPath, expectProblem, inHouse } from "./ingest-world.ts";

const here = inHouse();
const { inbox, push, send } = here;

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
    const headers = { authorization: here.acme.bearer, "content-encoding": "gzip" };
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
