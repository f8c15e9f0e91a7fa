import { expect, test } from "vitest";
import { Failure } from "../../core/errors.ts";
import { appSecretProof, createSender } from "../../core/meta/sender.ts";
import type { HttpAnswer, HttpRequest } from "../../core/ports.ts";

const ok: HttpAnswer = { status: 200, headers: {}, text: '{"events_received":2,"fbtrace_id":"A1"}' };

function sender(answer: () => HttpAnswer) {
  const requests: HttpRequest[] = [];
  const send = createSender({
    fetch: async (request) => {
      requests.push(request);
      return answer();
    },
    clock: { now: () => new Date("2026-11-23T12:00:00Z") },
    origin: "https://graph.facebook.com",
    version: "v26.0",
    partnerAgent: "stagewire",
  });
  return { send, requests };
}

test("a batch is one POST to the dataset's events, payloads untouched, the token in the header only", async () => {
  const { send, requests } = sender(() => ok);
  const payloads = ['{"a":12345678901234567}', '{"b":1}'];
  expect(await send({ metaId: "42", token: "secret-token" }, payloads)).toMatchObject({
    verdict: "accepted",
    received: 2,
  });
  const [request] = requests;
  expect(request?.url).toBe("https://graph.facebook.com/v26.0/42/events");
  expect(request?.headers.authorization).toBe("Bearer secret-token");
  expect(request?.body).toBe('{"data":[{"a":12345678901234567},{"b":1}],"partner_agent":"stagewire"}');
});

test("the app secret's proof goes along where there is one (Meta's own vector)", async () => {
  expect(appSecretProof("app_secret", "access_token")).toBe(
    "d52ddf968d622d8af8677906b7fbae09ac1f89f7cd5c1584b27544624cc23e5a",
  );
  const { send, requests } = sender(() => ok);
  await send({ metaId: "42", token: "access_token", appSecret: "app_secret" }, ["{}"]);
  expect(JSON.parse(requests[0]?.body ?? "").appsecret_proof).toMatch(/^d52ddf96/);
});

test("what the network does becomes a verdict: it did not arrive, or it may have", async () => {
  const failing = (code: "network_unreachable" | "network_no_answer") =>
    sender(() => {
      throw new Failure(code);
    }).send({ metaId: "1", token: "t" }, ["{}"]);
  expect(await failing("network_unreachable")).toEqual({ verdict: "retry", why: "meta_unreachable" });
  expect(await failing("network_no_answer")).toEqual({ verdict: "unknown", why: "meta_no_answer" });
});

test("a fault of ours is not taken for one of Meta's", async () => {
  const { send } = sender(() => {
    throw new TypeError("a bug");
  });
  await expect(send({ metaId: "1", token: "t" }, ["{}"])).rejects.toThrow("a bug");
});
