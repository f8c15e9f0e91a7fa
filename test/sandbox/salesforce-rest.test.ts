import { expect, test } from "vitest";
import { errorOf, type Json, openSalesforce } from "./salesforce-rig.ts";

const LIMIT = "sforce-limit-info";
const path = (soql: string): string => `/services/data/v68.0/query?q=${encodeURIComponent(soql)}`;

test("the versions are open to all and cost no call; everything else needs a token", async () => {
  const { send } = await openSalesforce();
  const { status, headers, body } = await send("/services/data/");
  expect(status).toBe(200);
  expect(headers.get(LIMIT)).toBeNull();
  expect((body as Json[]).map(({ version }) => version)).toEqual(["66.0", "67.0", "68.0"]);
  for (const open of ["/services/data/v68.0", "/services/data/v68.0/limits", path("SELECT Id FROM Lead")]) {
    const refused = await send(open);
    expect(refused.status).toBe(401);
    expect(refused.body).toEqual([{ message: "Session expired or invalid", errorCode: "INVALID_SESSION_ID" }]);
  }
});

test("older versions answer with their own paths, unknown ones and unknown paths with 404", async () => {
  const { get } = await openSalesforce();
  const { body } = await get("/services/data/v66.0/query/?q=SELECT+Id+FROM+Lead+LIMIT+1");
  const { records } = body as { records: { attributes: Json }[] };
  expect(records[0]?.attributes.url).toContain("/services/data/v66.0/");
  for (const unknown of [
    "/services/data/v69.0/limits",
    "/services/data/v68.0/nope",
    "/services/data/v68.0/sobjects/Nope",
  ])
    expect(errorOf(await get(unknown))).toBe("404 NOT_FOUND");
});

test("the Date header is the org's time", async () => {
  const { clock, get } = await openSalesforce();
  clock.at -= 3_600_000;
  expect((await get("limits")).headers.get("date")).toBe(new Date(clock.at).toUTCString());
});

test("every call counts, refused ones too, until a rolling day is over", async () => {
  const { act, clock, first, get, query, refresh, useToken } = await openSalesforce();
  await act("limits", { max: 100, used: 97 });
  expect((await get("limits")).headers.get(LIMIT)).toBe("api-usage=98/100");
  expect((await query("nonsense")).headers.get(LIMIT)).toBe("api-usage=99/100");
  const { body } = await get("limits");
  expect(body).toMatchObject({ DailyApiRequests: { Max: 100, Remaining: 0 } });
  const over = await get("limits");
  expect(over).toMatchObject({
    status: 403,
    body: [{ message: "TotalRequests Limit exceeded.", errorCode: "REQUEST_LIMIT_EXCEEDED" }],
  });
  expect(over.headers.get("retry-after")).toBeNull();
  await act("limits", { burst: 10 });
  expect((await get("limits")).headers.get(LIMIT)).toBe("api-usage=101/100; api-bursts=1/10");
  clock.at += 25 * 3_600_000;
  useToken(String(((await refresh(String(first.refresh_token))).body as Json).access_token));
  expect((await get("limits")).headers.get(LIMIT)).toBe("api-usage=1/100");
});

test("the count of calls outlives a restart", async () => {
  const { get, restart } = await openSalesforce();
  expect((await get("limits")).headers.get(LIMIT)).toBe("api-usage=1/110000");
  restart();
  expect((await get("limits")).headers.get(LIMIT)).toBe("api-usage=2/110000");
});

test("a long answer comes in batches behind a locator, which outlives a restart and ends after two days", async () => {
  const { act, clock, get, query, first, refresh, restart, useToken } = await openSalesforce();
  await act("bulk", { object: "Lead", count: 450, stage: "Nurturing" });
  const soql = "SELECT Id FROM Lead WHERE Status = 'Nurturing' ORDER BY Id";
  const small = { "sforce-query-options": "batchSize=1" }; // a hint; 200 is the least
  interface Page {
    readonly totalSize: number;
    readonly done: boolean;
    readonly nextRecordsUrl?: string;
    readonly records: readonly { Id: string }[];
  }
  const pages = [(await query(soql, "query", small)).body as Page];
  restart();
  for (let next = pages[0]?.nextRecordsUrl; next; next = pages.at(-1)?.nextRecordsUrl) {
    expect(next).toMatch(/^\/services\/data\/v68\.0\/query\/0r8[\w]+-\d+$/);
    pages.push((await get(next)).body as Page);
  }
  expect(pages.map(({ records }) => records.length).slice(0, 2)).toEqual([200, 200]);
  expect(pages.map(({ done }) => done)).toEqual([false, false, true]);
  const ids = pages.flatMap(({ records }) => records.map(({ Id }) => Id));
  expect(new Set(ids).size).toBe(pages[0]?.totalSize);
  expect(ids).toEqual(ids.toSorted());

  const locator = String(pages[0]?.nextRecordsUrl);
  expect(errorOf(await get(locator.replace("0r8", "0r8ff")))).toBe("400 INVALID_QUERY_LOCATOR");
  clock.at += 2 * 86_400_000 + 1;
  useToken(String(((await refresh(String(first.refresh_token))).body as Json).access_token));
  expect(errorOf(await get(locator))).toBe("400 INVALID_QUERY_LOCATOR");
});

test("a batch holds 2,000 rows at most, and a token may end between two of them", async () => {
  const { act, get, query } = await openSalesforce();
  await act("bulk", { object: "Lead", count: 2001, stage: "Nurturing" });
  const { body } = await query("SELECT Id FROM Lead WHERE Status = 'Nurturing'");
  const { records, nextRecordsUrl } = body as { records: Json[]; nextRecordsUrl: string };
  expect(records).toHaveLength(2000);
  expect(nextRecordsUrl).toMatch(/-2000$/);
  await act("expire");
  expect(errorOf(await get(nextRecordsUrl))).toBe("401 INVALID_SESSION_ID");
});

test("an address longer than 16,384 bytes is refused, the same query in a composite request is not", async () => {
  const { get, query, send, first } = await openSalesforce();
  const ids = Array.from({ length: 800 }, (_, n) => `'00Q0000000${String(n).padStart(5, "0")}'`);
  const soql = `SELECT Id FROM Lead WHERE Id IN (${ids.join(",")})`;
  expect((await query(soql)).status).toBe(414);
  expect((await get("limits", { "x-long": "x".repeat(16_384) })).status).toBe(431);
  const { status, body } = await send("/services/data/v68.0/composite", {
    method: "POST",
    headers: { authorization: `Bearer ${first.access_token}` },
    body: JSON.stringify({ compositeRequest: [{ method: "GET", url: path(soql), referenceId: "a" }] }),
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ compositeResponse: [{ httpStatusCode: 200, referenceId: "a" }] });
});

test("parts of a composite request fail on their own, and the whole is one call of at most five queries", async () => {
  const { first, send } = await openSalesforce();
  const ask = (soqls: readonly string[]) =>
    send("/services/data/v68.0/composite", {
      method: "POST",
      headers: { authorization: `Bearer ${first.access_token}` },
      body: JSON.stringify({
        compositeRequest: soqls.map((soql, at) => ({ method: "GET", url: path(soql), referenceId: `r${at}` })),
      }),
    });
  const answer = await ask(["SELECT COUNT() FROM Lead", "SELECT Nope FROM Lead"]);
  expect(answer.status).toBe(200);
  expect(answer.headers.get(LIMIT)).toBe("api-usage=1/110000");
  expect(answer.body).toMatchObject({
    compositeResponse: [
      { referenceId: "r0", httpStatusCode: 200, body: { totalSize: 198 } },
      { referenceId: "r1", httpStatusCode: 400, body: [{ errorCode: "INVALID_FIELD" }] },
    ],
  });
  const many = await ask(Array.from({ length: 6 }, () => "SELECT COUNT() FROM Lead"));
  expect(errorOf(many)).toBe("400 LIMIT_EXCEEDED");
});

test("a hidden field is not in describe or records, and its use refuses the whole query", async () => {
  const { act, get, query } = await openSalesforce();
  const { id } = await act("create", { object: "Lead", person: { metaLeadId: "123456789012345" } });
  const names = async () =>
    ((await get("sobjects/Lead/describe")).body as { fields: { name: string }[] }).fields.map(({ name }) => name);
  const soql = `SELECT Id, Meta_Lead_ID__c FROM Lead WHERE Id = '${id}'`;
  expect(await names()).toContain("Meta_Lead_ID__c");
  expect((await query(soql)).body).toMatchObject({ records: [{ Meta_Lead_ID__c: "123456789012345" }] });
  await act("hide", { object: "Lead", field: "Meta_Lead_ID__c" });
  expect(await names()).not.toContain("Meta_Lead_ID__c");
  expect(errorOf(await query(soql))).toBe("400 INVALID_FIELD");
  expect(errorOf(await query("SELECT Id FROM Lead WHERE Meta_Lead_ID__c = '1'"))).toBe("400 INVALID_FIELD");
  expect((await get(`sobjects/Lead/${id}`)).body).not.toHaveProperty("Meta_Lead_ID__c");
  await act("show", { object: "Lead", field: "Meta_Lead_ID__c" });
  expect((await query(soql)).status).toBe(200);
});

test("a hidden object does not exist, and the currency exists only where it is shown", async () => {
  const { act, get, query } = await openSalesforce();
  await act("hide", { object: "Opportunity" });
  expect(errorOf(await query("SELECT Id FROM Opportunity"))).toBe("400 INVALID_TYPE");
  expect((await get("sobjects/Opportunity/describe")).status).toBe(404);
  await act("show", { object: "Opportunity" });
  expect(errorOf(await query("SELECT CurrencyIsoCode FROM Opportunity"))).toBe("400 INVALID_FIELD");
  await act("show", { object: "Opportunity", field: "CurrencyIsoCode" });
  expect((await query("SELECT CurrencyIsoCode FROM Opportunity LIMIT 1")).status).toBe(200);
});

test("describe shows types, lengths and picklists, with stages that are no longer used marked so", async () => {
  const { act, get } = await openSalesforce();
  const fieldsOf = async (object: string) =>
    ((await get(`sobjects/${object}/describe`)).body as { fields: Json[] }).fields;
  const lead = await fieldsOf("Lead");
  expect(lead.find(({ name }) => name === "Meta_Lead_ID__c")).toMatchObject({
    type: "string",
    length: 32,
    custom: true,
  });
  expect(lead.find(({ name }) => name === "Meta_Click_ID__c")).toMatchObject({ type: "string", length: 255 });
  expect(lead.find(({ name }) => name === "Status")).toMatchObject({
    type: "picklist",
    picklistValues: expect.arrayContaining([
      expect.objectContaining({ value: "Working - Contacted", label: "Working" }),
    ]),
  });
  await act("stage", {
    object: "Opportunity",
    stage: "Qualification",
    fields: { MasterLabel: "Qualified", IsActive: false },
  });
  const stages = (await fieldsOf("Opportunity")).find(({ name }) => name === "StageName")?.picklistValues;
  expect(stages).toContainEqual(expect.objectContaining({ value: "Qualification", label: "Qualified", active: false }));
});

test("stages have gaps in their order and say what they mean", async () => {
  const { rows } = await openSalesforce();
  const leads = await rows("SELECT ApiName, SortOrder, IsConverted, IsDefault FROM LeadStatus ORDER BY SortOrder");
  const orders = leads.map(({ SortOrder }) => Number(SortOrder));
  expect(Math.max(...orders)).toBeGreaterThan(orders.length);
  expect(leads.filter(({ IsConverted }) => IsConverted)).toHaveLength(1);
  const deals = await rows("SELECT ApiName, IsActive, IsClosed, IsWon FROM OpportunityStage ORDER BY SortOrder");
  expect(deals.filter(({ IsActive }) => !IsActive)).toHaveLength(1);
  expect(deals.filter(({ IsClosed }) => IsClosed).map(({ ApiName, IsWon }) => [ApiName, IsWon])).toEqual([
    ["Closed Won", true],
    ["Closed Lost", false],
  ]);
});

test("records are read one by one or many at a time", async () => {
  const { act, first, get, send } = await openSalesforce();
  const { id } = await act("create", { object: "Lead", person: { firstName: "Ada" } });
  expect((await get(`sobjects/Lead/${id}?fields=FirstName`)).body).toEqual({
    attributes: { type: "Lead", url: `/services/data/v68.0/sobjects/Lead/${id}` },
    FirstName: "Ada",
  });
  expect(errorOf(await get(`sobjects/Opportunity/${id}`))).toBe("404 NOT_FOUND");
  const { body } = await send("/services/data/v68.0/composite/sobjects/Lead", {
    method: "POST",
    headers: { authorization: `Bearer ${first.access_token}` },
    body: JSON.stringify({ ids: [id, "00Q000000000000"], fields: ["Id"] }),
  });
  expect(body).toEqual([expect.objectContaining({ Id: id }), null]);
  await act("delete", { id });
  expect(errorOf(await get(`sobjects/Lead/${id}`))).toBe("404 ENTITY_IS_DELETED");
});

test("get updated and get deleted keep to their windows", async () => {
  const { act, clock, get } = await openSalesforce();
  const time = (minutes: number) => new Date(clock.at + minutes * 60_000).toISOString();
  const ask = (kind: string, start: string, end: string) =>
    get(`sobjects/Lead/${kind}/?start=${encodeURIComponent(start)}&end=${encodeURIComponent(end)}`);
  const kept = await act("create", { object: "Lead" });
  const gone = await act("create", { object: "Lead" });
  await act("delete", { id: gone.id });
  const updated = (await ask("updated", time(-5), time(5))).body as Json;
  expect(updated.ids).toEqual([kept.id]);
  expect(updated.latestDateCovered).toBe(
    new Date(Math.floor(clock.at / 1000) * 1000).toISOString().replace("Z", "+0000"),
  );
  expect((await ask("deleted", time(-5), time(5))).body).toMatchObject({ deletedRecords: [{ id: gone.id }] });
  const refused = "400 INVALID_REPLICATION_DATE";
  expect(errorOf(await ask("updated", time(0), time(0)))).toBe(refused);
  expect(errorOf(await ask("updated", time(-31 * 1440), time(0)))).toBe(refused);
  expect(errorOf(await ask("deleted", time(-16 * 1440), time(0)))).toBe(refused);
  expect(errorOf(await ask("updated", "today", time(0)))).toBe(refused);
});

test("an edition without API refuses every call", async () => {
  const { act, get } = await openSalesforce();
  await act("edition", { api: false });
  expect(errorOf(await get("limits"))).toBe("403 API_DISABLED_FOR_ORG");
});

test("the token of another org is worth nothing here", async () => {
  const here = await openSalesforce();
  const other = await openSalesforce({ seed: "another" });
  expect(other.granted.accountId).not.toBe(here.granted.accountId);
  here.useToken(String(other.first.access_token));
  expect(errorOf(await here.get("limits"))).toBe("401 INVALID_SESSION_ID");
});

test("faults look like Salesforce's own", async () => {
  const { act, get, refresh, first } = await openSalesforce();
  await act("fault", { status: 503, times: 1 });
  const maintenance = await get("limits");
  expect(maintenance.status).toBe(503);
  expect(maintenance.headers.get("content-type")).toContain("text/html");
  expect((await get("limits")).status).toBe(200);
  await act("fault", { status: 400, code: "QUERY_TIMEOUT", times: 1 });
  expect(errorOf(await get("limits"))).toBe("400 QUERY_TIMEOUT");
  await act("fault", { status: 500, empty: true, times: 1 });
  expect(await get("limits")).toMatchObject({ status: 500, body: "" });
  await act("fault", { status: 302, location: "https://elsewhere.example/", times: 1 });
  expect((await get("limits")).headers.get("location")).toBe("https://elsewhere.example/");
  await act("fault", { down: true });
  await expect(get("limits")).rejects.toThrow();
  await act("fault", { status: 400, path: "/services/oauth2" });
  expect((await get("limits")).status).toBe(200);
  expect(errorOf(await refresh(String(first.refresh_token)))).toBe("400 invalid_grant: simulated");
  await act("fault", {});
  expect((await refresh(String(first.refresh_token))).status).toBe(200);
});
