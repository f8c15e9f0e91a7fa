import { expect, test } from "vitest";
import { openClient } from "../../connectors/hubspot/client.ts";
import { hubspot } from "../../connectors/hubspot/index.ts";
import { objects } from "../../connectors/hubspot/objects.ts";
import type { HttpAnswer, HttpRequest } from "../../core/ports.ts";
import { createAccess } from "./access.ts";

const nobody = { clientId: "", clientSecret: "", refreshToken: "", tokenUrl: "http://127.0.0.1:9/" };

/** An account whose HubSpot answers with what it is given; no socket is opened. */
function account(accountId: string, answer: (request: HttpRequest) => unknown) {
  const asked: HttpRequest[] = [];
  const access = createAccess(hubspot, { ...nobody, accountId, baseUrl: "https://api.hubapi.com" });
  access.intercept(async (request): Promise<HttpAnswer> => {
    asked.push(request);
    const body = await answer(request);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return { status: 200, headers: { "content-type": "application/json" }, text };
  });
  return { access: { ...access, token: async () => `token-${accountId}` }, asked };
}
const row = (id: string) => ({
  id,
  properties: { email: null },
  createdAt: "2026-11-01T00:00:00Z",
  updatedAt: "2026-11-01T00:00:00Z",
});

test("the SDK speaks through the access only, on dated paths, with the access's token", async () => {
  const { access, asked } = account("1", ({ url }) =>
    /properties\/2026-09\/contacts\/lifecyclestage$/.test(url)
      ? { name: "lifecyclestage", label: "", type: "enumeration", options: [] }
      : { results: [], total: 0 },
  );
  const client = openClient(access);
  await client.search(objects.deal, { filters: [], sortBy: "hs_lastmodifieddate", properties: [], limit: 1 });
  await client.read(objects.contact, ["1"], ["email"], ["lifecyclestage"]);
  await client.associations(objects.deal, objects.contact, [{ id: "1" }]);
  await client.pipelines(objects.lead);
  await client.properties(objects.contact);
  await client.property(objects.contact, "lifecyclestage");
  await client.uninstall();
  expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "POST https://api.hubapi.com/crm/objects/2026-09/deals/search",
    "POST https://api.hubapi.com/crm/objects/2026-09/contacts/batch/read",
    "POST https://api.hubapi.com/crm/associations/2026-09/deals/contacts/batch/read",
    "GET https://api.hubapi.com/crm/pipelines/2026-09/leads",
    "GET https://api.hubapi.com/crm/properties/2026-09/contacts",
    "GET https://api.hubapi.com/crm/properties/2026-09/contacts/lifecyclestage",
    "DELETE https://api.hubapi.com/appinstalls/2026-09/external-install",
  ]);
  for (const { headers } of asked) expect(headers.authorization).toBe("Bearer token-1");
  expect(JSON.parse(asked[0]?.body ?? "")).toMatchObject({
    sorts: [{ propertyName: "hs_lastmodifieddate", direction: "ASCENDING" }],
  });
});

test("two accounts that ask at the same time get each their own answers with their own token", async () => {
  const accounts = ["1", "2", "3"].map((id) =>
    account(id, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return { results: [row(`${id}00`)] };
    }),
  );
  const clients = accounts.map(({ access }) => openClient(access));
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, n) => clients[n % 3]?.read(objects.contact, [String(n)], ["email"])),
  );
  for (const [n, rows] of answers.entries()) expect(rows?.map(({ id }) => id)).toEqual([`${(n % 3) + 1}00`]);
  for (const { access, asked } of accounts)
    expect(new Set(asked.map(({ headers }) => headers.authorization))).toEqual(
      new Set([`Bearer token-${access.accountId}`]),
    );
});

test("ids that come as numbers, even beyond the doubles, are texts digit by digit", async () => {
  const { access } = account(
    "1",
    () =>
      '{"results":[{"from":{"id":"1"},"to":[{"toObjectId":9007199254740993,"associationTypes":[{"category":"HUBSPOT_DEFINED","typeId":3,"label":null}]},{"toObjectId": "7","associationTypes":[]}]}]}',
  );
  const [first] = await openClient(access).associations(objects.deal, objects.contact, [{ id: "1" }]);
  expect(first?.to.map(({ toObjectId }) => toObjectId)).toEqual(["9007199254740993", "7"]);
});
