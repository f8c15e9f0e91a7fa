import { describe, expect, test } from "vitest";
import { act, event, type Granted, numbers, received, send, startMeta } from "./meta-world.ts";

const GOOD = { data: [event()] };

describe("A fault at Meta", () => {
  test("closes the connection before anything is stored, for as many requests as asked", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    await act(sandbox, "fault", { down: true, times: 2 });
    await expect(send(sandbox, granted, GOOD)).rejects.toThrow();
    await expect(send(sandbox, granted, GOOD)).rejects.toThrow();
    expect((await received(sandbox)).events).toEqual([]);
    expect((await send(sandbox, granted, GOOD)).status).toBe(200);
    const { requests } = await act<{ requests: unknown[] }>(sandbox, "requests", { after: 1 });
    expect(requests).toMatchObject([
      { request: 2, status: 0, count: 1 },
      { request: 3, status: 200, count: 1 },
    ]);
  });

  test("can store the events and still not answer", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    await act(sandbox, "fault", { dropAnswer: true, times: 1 });
    await expect(send(sandbox, granted, GOOD)).rejects.toThrow();
    expect((await received(sandbox)).events.length).toBe(1);
    const { requests } = await act<{ requests: unknown[] }>(sandbox, "requests");
    expect(requests).toMatchObject([{ status: 200, answerDropped: true }]);
  });

  test("can answer a status, with Graph's JSON or the page of a proxy", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    await act(sandbox, "fault", { status: 500 });
    expect(numbers(await send(sandbox, granted, GOOD))).toEqual([500, 1, undefined]);
    await act(sandbox, "fault", { status: 503 });
    expect((await send(sandbox, granted, GOOD)).body.error).toMatchObject({ code: 2, is_transient: true });
    await act(sandbox, "fault", { status: 502 });
    const answer = await fetch(`${sandbox.meta}/v26.0/me`);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([502, "text/html"]);
    await act(sandbox, "fault");
    expect((await send(sandbox, granted, GOOD)).status).toBe(200);
  });

  test("can be any Graph error by its numbers", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    await act(sandbox, "fault", { code: 368 });
    expect(numbers(await send(sandbox, granted, GOOD))).toEqual([400, 368, undefined]);
    await act(sandbox, "fault", { code: 190, subcode: 460 });
    expect(numbers(await send(sandbox, granted, GOOD))).toEqual([400, 190, 460]);
    await act(sandbox, "fault", { code: 1, transient: true, status: 503 });
    const { status, body } = await send(sandbox, granted, GOOD);
    expect([status, body.error?.code, body.error?.is_transient]).toEqual([503, 1, true]);
    expect((await received(sandbox)).events).toEqual([]);
  });

  test("can make it slow and still right", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    await act(sandbox, "fault", { slowMs: 150, times: 1 });
    const started = performance.now();
    expect((await send(sandbox, granted, GOOD)).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(140);
  });
});

describe("A limit at Meta", () => {
  test("answers its code, and the headers say when to come back", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    const usage = (headers: Headers): Record<string, number> | undefined =>
      Object.values(
        JSON.parse(headers.get("x-business-use-case-usage") ?? "{}") as Record<string, [Record<string, number>]>,
      )[0]?.[0];
    const calm = await send(sandbox, granted, GOOD);
    expect(usage(calm.headers)).toMatchObject({ call_count: 0, estimated_time_to_regain_access: 0 });
    const codes = [
      [17, 2446079],
      [613, 1487742],
      [80004, undefined],
    ];
    for (const [code, subcode] of codes) {
      await act(sandbox, "limit", { code, minutes: 7 });
      const limited = await send(sandbox, granted, GOOD);
      expect(numbers(limited)).toEqual([400, code, subcode]);
      expect(usage(limited.headers)).toMatchObject({ call_count: 100, estimated_time_to_regain_access: 7 });
    }
    await act(sandbox, "limit", { code: 4, minutes: 7 });
    const app = await send(sandbox, granted, GOOD);
    expect(numbers(app)).toEqual([400, 4, undefined]);
    expect(JSON.parse(app.headers.get("x-app-usage") ?? "{}")).toMatchObject({ call_count: 100 });
    await act(sandbox, "limit", { minutes: 0 });
    expect((await send(sandbox, granted, GOOD)).status).toBe(200);
  });

  test("of an unknown kind is refused at the back door", async () => {
    const sandbox = await startMeta();
    await expect(act(sandbox, "limit", { code: 5 })).rejects.toThrow("code must be one of");
  });
});
