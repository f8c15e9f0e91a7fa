import { afterEach, beforeEach, expect, test } from "vitest";
import { type Hubspot, openHubspot } from "./hubspot-port.ts";

let hubspot: Hubspot;
let now: Date;
beforeEach(async () => {
  now = new Date("2026-11-20T12:00:00.000Z");
  hubspot = await openHubspot({ now: () => now });
});
afterEach(() => hubspot.close());
const pipelines = "/crm/pipelines/2026-09/deals";
const search = () => hubspot.post("/crm/objects/2026-09/deals/search", { limit: 1 });

test("110 calls fit into any ten seconds, counted down in headers, then 429 TEN_SECONDLY_ROLLING", async () => {
  const first = await hubspot.get(pipelines);
  expect(first.headers.get("x-hubspot-ratelimit-max")).toBe("110");
  expect(first.headers.get("x-hubspot-ratelimit-remaining")).toBe("109");
  expect(first.headers.get("x-hubspot-ratelimit-interval-milliseconds")).toBe("10000");
  const others = await Promise.all(Array.from({ length: 110 }, () => hubspot.get(pipelines)));
  const refused = others.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(1);
  expect(refused[0]?.body).toMatchObject({
    status: "error",
    errorType: "RATE_LIMIT",
    policyName: "TEN_SECONDLY_ROLLING",
    message: "You have reached your ten_secondly_rolling limit.",
  });
  now = new Date(now.getTime() + 10_000);
  expect((await hubspot.get(pipelines)).status).toBe(200);
});

test("5 searches fit into a second, without headers and apart from the other calls", async () => {
  const replies = await Promise.all(Array.from({ length: 6 }, search));
  const refused = replies.filter(({ status }) => status === 429);
  expect(refused.map(({ body }) => [body.policyName, body.message])).toEqual([
    ["SECONDLY", "You have reached your secondly limit."],
  ]);
  expect(replies.every(({ headers }) => headers.get("x-hubspot-ratelimit-max") === null)).toBe(true);
  expect((await hubspot.get(pipelines)).headers.get("x-hubspot-ratelimit-remaining")).toBe("109");
  now = new Date(now.getTime() + 1000);
  expect((await search()).status).toBe(200);
});

test("the limits can be widened", async () => {
  await hubspot.act("limits", { searchesPerSecond: 50 });
  const replies = await Promise.all(Array.from({ length: 20 }, search));
  expect(replies.every(({ status }) => status === 200)).toBe(true);
});

test("faults answer as HubSpot does, for as many requests as asked", async () => {
  await hubspot.act("fault", { status: 502, times: 1 });
  const gateway = await hubspot.get(pipelines);
  expect([gateway.status, gateway.headers.get("content-type")]).toEqual([502, "text/html; charset=utf-8"]);
  expect((await hubspot.get(pipelines)).status).toBe(200);
  await hubspot.act("fault", { status: 477 });
  expect((await hubspot.get(pipelines)).headers.get("retry-after")).toBe("3600");
  await hubspot.act("fault", { down: true });
  await expect(hubspot.get(pipelines)).rejects.toThrow();
  await hubspot.act("fault", {});
  expect((await hubspot.get(pipelines)).status).toBe(200);
});

test("a dropped answer has done its work", async () => {
  await hubspot.act("fault", { dropAnswer: true, times: 1 });
  await expect(
    hubspot.ask("DELETE", "/appinstalls/2026-09/external-install", { token: hubspot.token }),
  ).rejects.toThrow();
  expect((await hubspot.get(pipelines)).status).toBe(401);
});

test("a very long address is 414", async () => {
  expect((await hubspot.get(`/crm/objects/2026-09/deals?properties=${"x".repeat(8200)}`)).status).toBe(414);
});
