import { AuthorizationResponseError, ResponseBodyError } from "oauth4webapi";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TenantId } from "../../core/types.ts";
import { exchangeFailure, responseFailure } from "../../server/install/oauth-failure.ts";
import { addInstall, takeInstall } from "../../server/store/installs.ts";
import { type Installs, idOf, openInstalls } from "./install-world.ts";

let world: Installs;
beforeAll(async () => {
  world = await openInstalls();
});
afterAll(() => world.close());

test.each([
  ["access_denied", "end-user denied authorization", "oauth_denied"],
  ["access-denied", "", "oauth_denied"],
  ["invalid_client", "app must be installed into org", "oauth_app"],
  ["OAUTH_EC_APP_NOT_FOUND", "", "oauth_app"],
  ["OAUTH_APP_ACCESS_DENIED", "user is not admin approved to access this app", "oauth_app"],
  [
    "access_denied",
    "Authorization failed because this app hasn't been approved to access the required scopes",
    "oauth_app",
  ],
  ["invalid_scope", "", "oauth_scopes"],
  ["temporarily_unavailable", "", "crm_unavailable"],
  ["something new", "<script>", "oauth_denied"],
  ["__proto__", "", "oauth_denied"],
])("a consent page that answers %s (%s) means %s", (error, error_description, code) => {
  const cause = new URLSearchParams({ error, error_description });
  const failure = responseFailure(new AuthorizationResponseError("refused", { cause }));
  expect(failure.code).toBe(code);
  if (error_description) expect(failure.message).not.toContain(error_description);
});

test.each([
  [400, "invalid_grant", "expired authorization code", "oauth_state"],
  [400, "invalid_grant", "invalid code verifier", "oauth_state"],
  [400, "invalid_grant", "user is not admin approved to access this app", "oauth_app"],
  [400, "invalid_client_id", "client identifier invalid", "app_credentials"],
  [400, "invalid_client", "invalid client credentials", "app_credentials"],
  [400, "redirect_uri_mismatch", "", "app_credentials"],
  [400, "rate_limit_exceeded", "login rate exceeded", "crm_limit"],
  [429, "anything", "", "crm_limit"],
])("a token endpoint that answers %i %s (%s) means %s", (status, error, error_description, code) => {
  const told = { cause: { error, error_description }, response: new Response(null, { status }) };
  expect(exchangeFailure(new ResponseBodyError("refused", told)).code).toBe(code);
  expect(exchangeFailure(new Error("no JSON")).code).toBe("crm_unavailable");
});

test("a vendor whose token endpoint is away fails with its own code, and the state is used up", async () => {
  const browser = world.browser();
  const finished = await world.agree(await browser.begin("salesforce"));
  await world.act("salesforce", "fault", { status: 503, path: "/services/oauth2/token" });
  const led = await browser.led(finished);
  await world.act("salesforce", "fault", {});
  expect(led).toMatch(/^\/install\/failed\?code=(crm_unavailable|network_no_answer|oauth_state)$/);
  expect(await browser.led(finished)).toBe("/install/failed?code=oauth_state");
});

test("a place or a host that is not the vendor's ends on a page that says so", async () => {
  const browser = world.browser();
  expect(await browser.begin("salesforce", "?place=elsewhere")).toBe("/install/failed?code=input_invalid");
  expect(await browser.begin("salesforce", "?host=evil.example")).toBe("/install/failed?code=input_invalid");
  expect(await browser.begin("salesforce", "?host=a&host=b")).toBe("/install/failed?code=input_invalid");
  expect(browser.jar.has("install")).toBe(false);
});

test("a grant that a connection lives on is never given back, even where the vendor gave the same again", async () => {
  const browser = world.browser();
  const [portal] = await world.portals();
  const id = idOf(await browser.install("hubspot", { portal: portal?.accountId ?? "" }));
  const install = await takeInstall(world.store.db, id);
  if (!install) throw new Error("no install");
  await addInstall(world.store.db, install);
  expect((await browser.post(`/installs/${id}/confirm`, { workspace: "new" })).status).toBe(200);
  const from = world.called.length;
  await addInstall(world.store.db, install); // as if the same refresh token had come once more
  expect((await browser.post(`/installs/${id}/refuse`)).status).toBe(200);
  expect(world.revoked(from)).toEqual([]);
  await addInstall(world.store.db, install);
  expect((await browser.post(`/installs/${id}/confirm`, { workspace: "new" })).status).toBe(200);
  expect(world.revoked(from)).toEqual([]);
});

test("who was asked from one workspace does not confirm into another, and a viewer connects nothing", async () => {
  const [one, two] = [(await world.customer("One")).tenant, (await world.customer("Two")).tenant];
  const admin = world.browser([(await world.people.cookie("admin", one)) ?? ""]);
  const id = idOf(await admin.install("salesforce"));
  const into = async (workspace: TenantId) => await admin.post(`/installs/${id}/confirm`, { workspace });
  expect((await into(two.id)).status).toBe(403);
  admin.jar.set("session", ((await world.people.cookie("viewer", one)) ?? "").slice("session=".length));
  expect((await into(one.id)).status).toBe(403);
  admin.jar.delete("session");
  expect((await into(one.id)).status).toBe(401);
  admin.jar.set("session", ((await world.people.cookie("admin", one)) ?? "").slice("session=".length));
  expect((await into(one.id)).status).toBe(200);
});
