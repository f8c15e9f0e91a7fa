import { expect, test } from "vitest";
import { hubspot } from "../../connectors/hubspot/index.ts";
import { salesforce } from "../../connectors/salesforce/index.ts";
import { returnUrlOf } from "../../server/install/marketplace.ts";
import { missingScopes } from "../../server/install/missing-scopes.ts";
import { placeAt, placeOf } from "../../server/install/places.ts";

test("each place of sign-in has its own endpoints, and HubSpot's are at its API", () => {
  expect(placeOf(salesforce, {}).tokenUrl).toBe("https://login.salesforce.com/services/oauth2/token");
  expect(placeOf(salesforce, { place: "sandbox" }).revokeUrl).toBe(
    "https://test.salesforce.com/services/oauth2/revoke",
  );
  const own = placeOf(salesforce, { host: " https://Acme--uat.sandbox.my.salesforce.com/ " });
  expect(own.authorizeUrl).toBe("https://acme--uat.sandbox.my.salesforce.com/services/oauth2/authorize");
  expect(placeOf(hubspot, {})).toMatchObject({
    authorizeUrl: "https://app.hubspot.com/oauth/authorize",
    tokenUrl: "https://api.hubapi.com/oauth/2026-09/token",
    apiOrigin: "https://api.hubapi.com",
    trusted: [],
  });
});

test("T10: only an account's own host is taken for one, whatever a parser would make of it", () => {
  const hostile = [
    "evil.example",
    "acme.my.salesforce.com.evil.example",
    "acme.my.salesforce.com@evil.example",
    "evil.example/acme.my.salesforce.com",
    "evil.example#.my.salesforce.com",
    "evil.example?.my.salesforce.com",
    "evil.example\\.my.salesforce.com",
    "http://acme.my.salesforce.com",
    "javascript://acme.my.salesforce.com",
    "acme.my.salesforce.com:8443",
    "acme.my.salesforce.com.",
    "acme.lightning.force.com",
    "acme.my.site.com",
    "na123.salesforce.com",
    "login.salesforce.com",
    ".my.salesforce.com",
    "-acme.my.salesforce.com",
    "ac_me.my.salesforce.com",
    "acme.evil.my.salesforce.com",
    "acmé.my.salesforce.com",
    "acme.my.salesforce.com\n.evil.example",
    "ａcme.my.salesforce.com",
    "127.0.0.1",
    "127.0.0.1:8080",
    "localhost",
    "[::1]",
    "169.254.169.254",
    `${"a".repeat(90)}.my.salesforce.com`,
  ];
  for (const host of hostile)
    expect(() => placeOf(salesforce, { host }), host).toThrow(expect.objectContaining({ code: "input_invalid" }));
  expect(() => placeOf(hubspot, { host: "acme.my.salesforce.com" })).toThrow();
  expect(() => placeOf(salesforce, { place: "elsewhere" })).toThrow();
  for (const origin of ["https://evil.example", "http://login.salesforce.com", "https://login.salesforce.com:444"])
    expect(() => placeAt(salesforce, origin)).toThrow(expect.objectContaining({ code: "host_not_allowed" }));
});

test("T08: every required permission that is missing is named, for every subset of what is asked for", () => {
  for (const { manifest } of [hubspot, salesforce])
    for (let subset = 0; subset < 2 ** manifest.scopes.length; subset += 1) {
      const granted = manifest.scopes.filter((_, bit) => subset & (2 ** bit));
      const missing = manifest.scopes.filter((one) => one.required && !granted.includes(one)).map(({ scope }) => scope);
      expect(missingScopes(manifest, { scopes: granted.map(({ scope }) => scope) })).toEqual(missing);
    }
  expect(missingScopes(salesforce.manifest, { scopes: ["api", "offline_access", "openid"] })).toEqual([]);
});

test("T06: the real marketplace's hosts are the only ones that it may lead back to", () => {
  const led = (url: string) => returnUrlOf(hubspot, new URLSearchParams({ returnUrl: url }), {});
  for (const host of ["app.hubspot.com", "app-eu1.hubspot.com", "app-na2.hubspot.com"])
    expect(led(`https://${host}/x?y=1`)).toBe(`https://${host}/x?y=1`);
  for (const url of [
    "http://app.hubspot.com/",
    "https://app.hubspot.com:8443/",
    "https://app.hubspot.com.evil.example/",
    "https://app-evil.example/",
    "https://app-eu1.hubspot.com@evil.example/",
    "https://evil.hubspot.com/",
    "https://a@app.hubspot.com/",
    "//app.hubspot.com/",
  ])
    expect(() => led(url), url).toThrow(expect.objectContaining({ code: "oauth_state" }));
  const twice = new URLSearchParams("returnUrl=https://app.hubspot.com/&returnUrl=https://evil.example/");
  expect(() => returnUrlOf(hubspot, twice, {})).toThrow();
});
