import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Fetch, HttpAnswer } from "../../core/ports.ts";
import type { TenantId } from "../../core/types.ts";
import { createPace, type PaceKey } from "../../server/network/pace.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

const request = { method: "GET", url: "https://api.vendor.example/", headers: {} } as const;
const answer: HttpAnswer = { status: 200, headers: {}, text: "" };
const acme: PaceKey = { tenantId: "ten_acme" as TenantId, vendor: "hubspot", connectionId: "con_1" };
/** The only connection of its tenant. */
const paced = (fetch: Fetch, perSecond: number): Fetch => createPace().paced(fetch, perSecond, acme);

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

/** Who may leave, as a connection of the tenant's at the vendor. */
function callers() {
  const pace = createPace();
  const left: string[] = [];
  const call = (name: string, key: Partial<PaceKey> = {}): void => {
    const leave: Fetch = async () => {
      left.push(name);
      return answer;
    };
    void pace.paced(leave, 10, { ...acme, ...key })(request);
  };
  return { left, call };
}

test("all connections of a tenant at a vendor have one budget, and take turns", async () => {
  const { left, call } = callers();
  for (let n = 0; n < 5; n += 1) call("a", { connectionId: "con_a" });
  for (let n = 0; n < 2; n += 1) call("b", { connectionId: "con_b" });
  call("c", { connectionId: "con_c" });
  await vi.advanceTimersByTimeAsync(300);
  expect(left.join("")).toBe("aabc");
  await vi.advanceTimersByTimeAsync(400);
  expect(left.join("")).toBe("aabcabaa");
});

test("another tenant, and another vendor, wait for nothing", async () => {
  const { left, call } = callers();
  for (let n = 0; n < 3; n += 1) call("acme");
  call("globex", { tenantId: "ten_globex" as TenantId });
  call("elsewhere", { vendor: "salesforce" });
  await vi.advanceTimersByTimeAsync(0);
  expect(left).toEqual(["acme", "globex", "elsewhere"]);
});

test("a budget in use outlives the forgetting of thousands of others", async () => {
  const { left, call } = callers();
  for (let n = 0; n < 5_000; n += 1) {
    call("x", { tenantId: `ten_${n}` as TenantId });
    if (n % 500 === 0) await vi.advanceTimersByTimeAsync(1_000);
  }
  await vi.advanceTimersByTimeAsync(0);
  expect(left).toHaveLength(5_000);
  for (let n = 0; n < 2; n += 1) call("again", { tenantId: "ten_4999" as TenantId });
  await vi.advanceTimersByTimeAsync(0);
  expect(left).toHaveLength(5_000); // it called a moment ago: its budget is still there
});
