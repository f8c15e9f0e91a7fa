import { afterAll, beforeAll, expect, test } from "vitest";
import { identify } from "../../connectors/hubspot/identity.ts";
import type { TokenAnswer } from "../../core/connector.ts";
import type { Grant } from "./access.ts";
import { openPortal, type Portal } from "./hubspot-world.ts";
import { identityPorts, tokenAnswer } from "./identity-ports.ts";

let portal: Portal;
let grant: Grant;
let answer: TokenAnswer;
beforeAll(async () => {
  portal = await openPortal("identity");
  grant = await portal.grant();
  const { clientId: client_id, clientSecret: client_secret, refreshToken: refresh_token } = grant;
  answer = await tokenAnswer(grant.tokenUrl, { grant_type: "refresh_token", client_id, client_secret, refresh_token });
});
afterAll(() => portal.close());

test("the person and the portal are found, by what HubSpot itself says of the token", async () => {
  const identity = await identify(answer, identityPorts(portal.baseUrl, grant));
  expect(identity.account).toEqual({ id: grant.accountId, name: expect.stringMatching(/\.example$/), sandbox: false });
  expect(identity.person).toMatchObject({ issuer: "https://app.hubspot.com", subject: expect.stringMatching(/^\d+$/) });
  expect(identity.person.mail).toContain("@");
  expect(identity.scopes).toContain("crm.objects.deals.read");
});

test("the token never goes into an address", async () => {
  const ports = identityPorts(portal.baseUrl, grant, ({ url }, given) => {
    expect(url).not.toContain(String(answer.access_token).slice(0, 20));
    return given;
  });
  await identify(answer, ports);
  expect(ports.asked).toHaveLength(2);
});

test("T10: all that HubSpot says has to name one account, one person and our own app", async () => {
  const told = (part: string, wrong: object) =>
    identityPorts(portal.baseUrl, grant, ({ url }, given) =>
      url.includes(part) ? { ...given, text: JSON.stringify({ ...JSON.parse(given.text), ...wrong }) } : given,
    );
  const cases = [
    [answer, told("introspect", { hub_id: 4711 })],
    [answer, told("introspect", { user_id: 4711 })],
    [answer, told("introspect", { client_id: "another app" })],
    [answer, told("introspect", { active: false })],
    [answer, told("details", { portalId: 4711 })],
    [{ ...answer, hub_id: 4711 }, told("nothing", {})],
    [{ ...answer, access_token: undefined }, told("nothing", {})],
    [{ ...answer, access_token: "unknown" }, told("nothing", {})],
  ] as const;
  for (const [given, ports] of cases)
    await expect(identify(given, ports)).rejects.toMatchObject({ code: "oauth_identity" });
});

test("a vendor that is away is not a wrong identity", async () => {
  const away = identityPorts(portal.baseUrl, grant, (_request, given) => ({ ...given, status: 502 }));
  await expect(identify(answer, away)).rejects.toMatchObject({ code: "crm_unavailable" });
  const elsewhere = { ...identityPorts(portal.baseUrl, grant), apiOrigin: "http://127.0.0.1:1" };
  await expect(identify(answer, elsewhere)).rejects.toMatchObject({ code: "oauth_identity" });
});
