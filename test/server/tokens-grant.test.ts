import { describe, expect, test } from "vitest";
import { isFailure } from "../../core/errors.ts";
import type { Fetch } from "../../core/ports.ts";
import { Grant, type RenewableGrant, renew, type TokenEndpoint } from "../../server/access/grant.ts";

const now = new Date("2026-11-23T12:00:00Z");
const install: RenewableGrant = { type: "refresh_token", client: "app", refreshToken: "r1" };
const own: RenewableGrant = { type: "refresh_token", clientId: "own", clientSecret: "own-secret", refreshToken: "r1" };
const app = { clientId: "ours", clientSecret: "our-secret" };

/** A token endpoint that answers this. */
function answering(status: number, body: unknown, more: Partial<TokenEndpoint> = {}) {
  const asked: URLSearchParams[] = [];
  const fetch: Fetch = async (request) => {
    asked.push(new URLSearchParams(request.body));
    return { status, headers: {}, text: typeof body === "string" ? body : JSON.stringify(body) };
  };
  return { asked, endpoint: { url: "https://vendor.example/token", fetch, mayBeApi: () => false, ...more } };
}
const codeOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => "renewed",
    (error: unknown) => (isFailure(error) ? error.code : `no failure of ours: ${error}`),
  );

describe("a grant", () => {
  test("of an install lies without the app's secret, and is renewed with the one that is configured", async () => {
    const { asked, endpoint } = answering(200, { access_token: "a1", expires_in: 1800 }, { app });
    const renewed = await renew(install, endpoint, now);
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      grant_type: "refresh_token",
      client_id: "ours",
      client_secret: "our-secret",
      refresh_token: "r1",
    });
    expect(renewed).toEqual({ ...install, accessToken: "a1", expiresAt: "2026-11-23T12:30:00.000Z" });
    expect(Grant.parse(JSON.parse(JSON.stringify(renewed)))).toEqual(renewed);
  });

  test("of an install whose app is not configured is ours to mend; nobody is asked", async () => {
    const { asked, endpoint } = answering(200, { access_token: "a1" });
    expect(await codeOf(renew(install, endpoint, now))).toBe("app_credentials");
    expect(asked).toEqual([]);
  });

  test("of a customer's own app keeps its own credentials, whatever is configured", async () => {
    const { asked, endpoint } = answering(200, { access_token: "a1" }, { app });
    await renew(own, endpoint, now);
    expect(asked[0]?.get("client_id")).toBe("own");
  });

  test.each([
    own,
    { type: "static", accessToken: "pat" },
    { type: "client_credentials", clientId: "a", clientSecret: "b", apiUrl: "https://acme.my.salesforce.com" },
    { type: "refresh_token", clientId: "a", clientSecret: "b", refreshToken: "r", accessToken: "x" },
  ])("that was stored before is still read: %o", (stored) => {
    expect(Grant.parse(stored)).toEqual(stored);
  });

  test("T28: follows its account to the vendor's hosts only, and its new refresh token is kept either way", async () => {
    const mayBeApi = (origin: string) => origin === "https://acme.my.salesforce.com";
    const answer = { access_token: "a1", refresh_token: "r2" };
    const renewedAt = (instance_url: string) =>
      renew(own, answering(200, { ...answer, instance_url }, { mayBeApi }).endpoint, now);
    expect(await renewedAt("https://acme.my.salesforce.com/services")).toMatchObject({
      apiUrl: "https://acme.my.salesforce.com",
      refreshToken: "r2",
    });
    for (const hostile of [
      "https://evil.example/",
      "http://169.254.169.254/",
      "https://acme.my.salesforce.com.evil.example",
    ]) {
      const renewed = await renewedAt(hostile);
      expect(renewed).not.toHaveProperty("apiUrl");
      expect(renewed).toMatchObject({ refreshToken: "r2", accessToken: "a1" });
    }
  });
});

describe("a refused refresh", () => {
  /** What vendors say when they do not know the grant any more. */
  const deadly: readonly (readonly [number, object])[] = [
    [400, { error: "invalid_grant", error_description: "expired access/refresh token" }],
    [400, { error: "invalid_grant", error_description: "inactive user" }],
    [400, { error: "invalid_grant", status: "BAD_REFRESH_TOKEN", message: "refresh token is invalid" }],
    [400, { error: "access_denied", status: "BAD_HUB", message: "missing or unknown hub id" }],
    [400, { status: "BAD_REFRESH_TOKEN", message: "missing or invalid refresh token" }],
  ];
  test.each(deadly)("ends the connection: %i %o", async (status, body) => {
    expect(await codeOf(renew(own, answering(status, body).endpoint, now))).toBe("crm_disconnected");
  });

  test("for any other reason never does, whatever the status and the words", async () => {
    const statuses = [301, 400, 401, 403, 404, 409, 410, 415, 420, 423, 429, 477, 500, 502, 503, 504];
    const errors = [
      "",
      "invalid_request",
      "invalid_client",
      "invalid_client_id",
      "unauthorized_client",
      "unsupported_grant_type",
      "invalid_scope",
      "access_denied",
      "server_error",
      "temporarily_unavailable",
      "rate_limit_exceeded",
      "unknown_error",
      "invalid_grant_type",
    ];
    const reasons = ["", "BAD_CLIENT_ID", "BAD_CLIENT_SECRET", "BAD_SCOPES", "BAD_GRANT_TYPE", "RATE_LIMITS", "error"];
    const codes = new Set<string>();
    for (const status of statuses)
      for (const error of errors)
        for (const reason of reasons)
          codes.add(await codeOf(renew(own, answering(status, { error, status: reason }).endpoint, now)));
    for (const status of statuses) codes.add(await codeOf(renew(own, answering(status, "<h1>no</h1>").endpoint, now)));
    // A gateway's own page is not the vendor's word, even if it says the word.
    for (const status of [401, 403, 500, 503])
      codes.add(await codeOf(renew(own, answering(status, { error: "invalid_grant" }).endpoint, now)));
    expect([...codes].sort()).toEqual(["app_credentials", "crm_limit", "crm_unavailable"]);
  });

  test("is told without the vendor's words, which may quote the token", async () => {
    const body = { error: "invalid_grant", status: "BAD_HUB", error_description: "token canary", message: "canary" };
    const failure = await renew(own, answering(400, body).endpoint, now).catch((error: unknown) => error);
    expect(String(failure)).not.toContain("canary");
    const strange = { error: "BAD canary", status: "BAD_CLIENT_canary" };
    expect(
      String(await renew(own, answering(400, strange).endpoint, now).catch((error: unknown) => error)),
    ).not.toContain("canary");
  });
});
