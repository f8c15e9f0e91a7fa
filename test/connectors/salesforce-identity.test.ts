import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { identify } from "../../connectors/salesforce/identity.ts";
import type { TokenAnswer } from "../../core/connector.ts";
import { identityPorts, tokenAnswer } from "./identity-ports.ts";
import { type Org, openOrg } from "./salesforce-world.ts";

interface Granted {
  readonly accountId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}
let org: Org;
let granted: Granted;
let origin: string;
let answer: TokenAnswer;
beforeAll(async () => {
  org = await openOrg("identity");
  granted = await org.act<Granted>("grant", { scopes: ["api", "refresh_token", "openid"] });
  origin = (await org.access()).baseUrl;
  const { clientId: client_id, clientSecret: client_secret, refreshToken: refresh_token } = granted;
  const form = { grant_type: "refresh_token", client_id, client_secret, refresh_token };
  answer = await tokenAnswer(`${origin}/services/oauth2/token`, form);
});
afterAll(() => org.close());

/** As whoever knows the secret would sign it: what is left to find wrong is the rest. */
const signed = (id: string) => ({
  id,
  signature: createHmac("sha256", granted.clientSecret).update(`${id}${answer.issued_at}`).digest("base64"),
});

test("the person and the org are found, with the org in the person's issuer", async () => {
  const identity = await identify(answer, identityPorts(origin, granted));
  expect(identity).toMatchObject({
    account: { id: granted.accountId, sandbox: false },
    apiUrl: origin,
    person: {
      issuer: `https://login.salesforce.com/id/${granted.accountId}`,
      subject: expect.stringMatching(/^005\w{15}$/),
    },
    scopes: ["api", "refresh_token", "openid"],
  });
  expect(identity.person.mail).toContain("@");
});

test("T10: an answer that was tampered with is refused before anybody is asked", async () => {
  const id = String(answer.id);
  const other = id.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
  const flipped = Buffer.from(String(answer.signature), "base64").map((byte, at) => (at === 7 ? byte ^ 1 : byte));
  const tampered: readonly TokenAnswer[] = [
    { ...answer, id: other },
    { ...answer, issued_at: "1700000000000" },
    { ...answer, signature: Buffer.from(flipped).toString("base64") },
    { ...answer, signature: "" },
    { ...answer, signature: undefined },
    { ...answer, ...signed(`${origin}/id/00D000000000001/005000000000001`) }, // 15 characters
    { ...answer, ...signed(`${id}?x=1`) },
    { ...answer, ...signed(`${id}/more`) },
    { ...answer, ...signed(`${origin}/id/001000000000000AAA/005000000000000AAA`) },
    { ...answer, instance_url: "not an address" },
  ];
  for (const each of tampered) {
    const ports = identityPorts(origin, granted);
    await expect(identify(each, ports), String(each.id)).rejects.toMatchObject({ code: "oauth_identity" });
    expect(ports.asked).toEqual([]);
  }
});

test("T10: hosts that are not the vendor's own are refused, wherever they are named", async () => {
  for (const evil of ["https://evil.example", "http://169.254.169.254", "https://login.salesforce.com.evil.example"]) {
    const identity = new URL(String(answer.id)).pathname;
    const named = [
      { ...answer, ...signed(`${evil}${identity}`) },
      { ...answer, instance_url: evil },
    ];
    for (const each of named)
      await expect(identify(each, identityPorts(origin, granted))).rejects.toMatchObject({ code: "oauth_identity" });
  }
});

test("what the vendor tells of the person has to fit what it signed", async () => {
  for (const wrong of [
    { user_id: "005000000000000AAA" },
    { organization_id: "00D000000000000AAA" },
    { sub: "x" },
    { active: false },
  ]) {
    const ports = identityPorts(origin, granted, ({ url }, given) =>
      url.endsWith("/userinfo") ? { ...given, text: JSON.stringify({ ...JSON.parse(given.text), ...wrong }) } : given,
    );
    await expect(identify(answer, ports)).rejects.toMatchObject({ code: "oauth_identity" });
  }
  const away = identityPorts(origin, granted, (_request, given) => ({ ...given, status: 503 }));
  await expect(identify(answer, away)).rejects.toMatchObject({ code: "crm_unavailable" });
});

test("without the permissions to find out nothing is asked", async () => {
  for (const scope of ["refresh_token openid", "api refresh_token", ""])
    await expect(identify({ ...answer, scope }, identityPorts(origin, granted))).rejects.toMatchObject({
      code: "oauth_scopes",
    });
});
