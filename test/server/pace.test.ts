import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { HttpAnswer } from "../../core/ports.ts";
import { paced } from "../../server/network/pace.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

const request = { method: "GET", url: "https://api.vendor.example/", headers: {} } as const;
const answer: HttpAnswer = { status: 200, headers: {}, text: "" };

test("calls made at once leave one by one, evenly spaced and in order", async () => {
  const left: string[] = [];
  const fetch = paced(async ({ url }) => {
    left.push(url);
    return answer;
  }, 4);
  const calls = Array.from({ length: 9 }, (_, n) => fetch({ ...request, url: `${request.url}${n}` }));
  await vi.advanceTimersByTimeAsync(0);
  expect(left).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(249);
  expect(left).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(left).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(750);
  expect(left).toHaveLength(5);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(left).toEqual(Array.from({ length: 9 }, (_, n) => `${request.url}${n}`));
  await Promise.all(calls);
});

test("who comes late enough waits for nobody, and unused time is not saved up", async () => {
  let left = 0;
  const fetch = paced(async () => {
    left += 1;
    return answer;
  }, 2);
  await fetch(request);
  await vi.advanceTimersByTimeAsync(60_000);
  void fetch(request);
  void fetch(request);
  void fetch(request);
  await vi.advanceTimersByTimeAsync(0);
  expect(left).toBe(2);
  await vi.advanceTimersByTimeAsync(499);
  expect(left).toBe(2);
  await vi.advanceTimersByTimeAsync(501);
  expect(left).toBe(4);
});

test("a call that fails is the caller's, and holds up nobody after it", async () => {
  const outcomes = ["down", "up"];
  const fetch = paced(async () => {
    if (outcomes.shift() === "down") throw new Error("down");
    return answer;
  }, 10);
  const first = fetch(request);
  const second = fetch(request);
  await expect(first).rejects.toThrow("down");
  await vi.advanceTimersByTimeAsync(100);
  expect(await second).toEqual(answer);
});

test("a slow answer does not keep the next call back", async () => {
  let left = 0;
  const fetch = paced(() => {
    left += 1;
    return new Promise(() => {});
  }, 10);
  void fetch(request);
  void fetch(request);
  await vi.advanceTimersByTimeAsync(100);
  expect(left).toBe(2);
});
