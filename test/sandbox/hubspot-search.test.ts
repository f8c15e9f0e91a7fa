import { afterEach, beforeEach, expect, test } from "vitest";
import { type Hubspot, openHubspot } from "./hubspot-port.ts";

let hubspot: Hubspot;
let now: Date;
beforeEach(async () => {
  now = new Date("2026-11-20T12:00:00.000Z");
  hubspot = await openHubspot({ now: () => now });
  await hubspot.act("limits", { searchesPerSecond: 1000 });
});
afterEach(() => hubspot.close());
const search = (type: string, body: unknown) => hubspot.post(`/crm/objects/2026-09/${type}/search`, body);
const filter = (propertyName: string, operator: string, more: object) => ({
  filterGroups: [{ filters: [{ propertyName, operator, ...more }] }],
});
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};

test("pages are 10 unless asked, 200 at most, with total and an offset until the last", async () => {
  const first = await search("contacts", {});
  expect([first.body.total, first.body.results.length, first.body.paging?.next.after]).toEqual([240, 10, "10"]);
  const last = await search("contacts", { limit: 200, after: "200" });
  expect([last.status, last.body.results.length, last.body.paging]).toEqual([200, 40, undefined]);
  expect((await search("contacts", { limit: 201 })).status).toBe(400);
  expect((await search("contacts", { after: "ten" })).status).toBe(400);
});

test("no result beyond 10,000 can be reached, and a bulk change shares one last-modified time", async () => {
  const { ids } = await hubspot.act<{ ids: string[] }>("bulk", {
    object: "deal",
    count: 10_050,
    stage: "contractsent",
  });
  const stamp = String(now.getTime());
  const asked = { ...filter("hs_lastmodifieddate", "EQ", { value: stamp }), limit: 200 };
  const last = await search("deals", { ...asked, after: "9800" });
  expect([last.status, last.body.total, last.body.paging?.next.after]).toEqual([200, 10_050, "10000"]);
  const beyond = await search("deals", { ...asked, after: "10000" });
  expect([beyond.status, beyond.body.category]).toEqual([400, "VALIDATION_ERROR"]);
  const rest = await search("deals", {
    filterGroups: [
      {
        filters: [
          { propertyName: "hs_lastmodifieddate", operator: "EQ", value: stamp },
          { propertyName: "hs_object_id", operator: "GT", value: ids[9_999] },
        ],
      },
    ],
    sorts: [{ propertyName: "hs_object_id", direction: "ASCENDING" }],
    limit: 200,
  });
  expect(rest.body.results.map(({ id }) => id)).toEqual(ids.slice(10_000));
});

test("filters, groups, sorts and the length of the body have HubSpot's limits", async () => {
  const one = { propertyName: "dealstage", operator: "HAS_PROPERTY" };
  const groups = (count: number, size: number) => ({
    filterGroups: Array.from({ length: count }, () => ({ filters: Array(size).fill(one) })),
  });
  expect((await search("deals", groups(3, 6))).status).toBe(200);
  for (const body of [groups(6, 1), groups(1, 7), groups(4, 5)]) {
    const reply = await search("deals", body);
    expect([reply.status, reply.body.category]).toEqual([400, "VALIDATION_ERROR"]);
  }
  expect((await search("deals", { sorts: ["createdate", "dealname"] })).status).toBe(400);
  const padded = (length: number) => "{}".padEnd(length, " ");
  expect((await search("deals", padded(3000))).status).toBe(200);
  expect((await search("deals", padded(3001))).status).toBe(400);
});

test("times are compared as milliseconds in text, and sorting goes both ways", async () => {
  const made: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    later(1000);
    made.push((await hubspot.act<{ id: string }>("create", { object: "deal" })).id);
  }
  const since = filter("hs_lastmodifieddate", "GTE", { value: String(now.getTime() - 1000) });
  const sorted = (direction: string) =>
    search("deals", { ...since, sorts: [{ propertyName: "hs_lastmodifieddate", direction }] });
  expect((await sorted("ASCENDING")).body.results.map(({ id }) => id)).toEqual(made.slice(1));
  expect((await sorted("DESCENDING")).body.results.map(({ id }) => id)).toEqual(made.slice(1).reverse());
  expect((await search("deals", filter("hs_lastmodifieddate", "GTE", { value: "yesterday" }))).status).toBe(400);
});

test("operators do what they say", async () => {
  const { id } = await hubspot.act<{ id: string }>("create", {
    person: { email: "Zoe@Example.com", metaLeadId: "123456789012345", fbclid: "" },
  });
  const found = async (name: string, operator: string, more: object) => {
    const body = {
      filterGroups: [
        {
          filters: [
            { propertyName: name, operator, ...more },
            { propertyName: "hs_object_id", operator: "EQ", value: id },
          ],
        },
      ],
    };
    return (await search("contacts", body)).body.total === 1;
  };
  expect(await found("email", "EQ", { value: "zoe@example.com" })).toBe(true);
  expect(await found("email", "IN", { values: ["zoe@example.com"] })).toBe(true);
  expect(await found("email", "IN", { values: ["Zoe@Example.com"] })).toBe(false);
  expect(await found("email", "CONTAINS_TOKEN", { value: "*example*" })).toBe(true);
  expect(await found("email", "NEQ", { value: "zoe@example.com" })).toBe(false);
  expect(await found("lifecyclestage", "EQ", { value: "Lead" })).toBe(false);
  expect(await found("lifecyclestage", "NOT_IN", { values: ["customer"] })).toBe(true);
  expect(await found("hs_facebook_click_id", "NOT_HAS_PROPERTY", {})).toBe(true);
  expect(await found("meta_lead_id", "HAS_PROPERTY", {})).toBe(true);
  expect(await found("createdate", "BETWEEN", { value: String(now.getTime()), highValue: String(now.getTime()) })).toBe(
    true,
  );
  expect((await search("contacts", filter("no_such_property", "EQ", { value: "1" }))).status).toBe(400);
  expect((await search("contacts", filter("email", "LIKE", { value: "1" }))).status).toBe(400);
});

test("deals can be found by their contact", async () => {
  const deal = await hubspot.act<{ id: string; contacts: string[] }>("create", { object: "deal" });
  const reply = await search("deals", filter("associations.contact", "EQ", { value: deal.contacts[0] }));
  expect(reply.body.results.map(({ id }) => id)).toEqual([deal.id]);
});

test("search sees a change only after the lag, a read by id at once", async () => {
  const { id } = await hubspot.act<{ id: string }>("create", { object: "deal" });
  await hubspot.act("lag", { ms: 1500 });
  later(10_000);
  await hubspot.act("move", { object: "deal", id, stage: "contractsent" });
  const stage = async () => {
    const { body } = await search("deals", {
      ...filter("hs_object_id", "EQ", { value: id }),
      properties: ["dealstage"],
    });
    return body.results[0]?.properties.dealstage;
  };
  expect(await stage()).toBe("appointmentscheduled");
  expect((await hubspot.get(`/crm/objects/2026-09/deals/${id}`)).body.properties).toMatchObject({
    dealstage: "contractsent",
  });
  later(1499);
  expect(await stage()).toBe("appointmentscheduled");
  later(1);
  expect(await stage()).toBe("contractsent");
});

test("a touched record has a new modified time and no new history", async () => {
  const { id } = await hubspot.act<{ id: string }>("create", { object: "deal" });
  later(5000);
  await hubspot.act("touch", { object: "deal", id });
  const { body } = await hubspot.get(`/crm/objects/2026-09/deals/${id}?propertiesWithHistory=dealstage`);
  expect(body.updatedAt).toBe(now.toISOString());
  expect((body.propertiesWithHistory as Record<string, object[]>).dealstage).toHaveLength(1);
});

test("archived, purged and merged records vanish from search", async () => {
  const [kept, archived, purged, merged] = await Promise.all(
    [1, 2, 3, 4].map(async () => (await hubspot.act<{ id: string }>("create")).id),
  );
  await hubspot.act("delete", { id: archived });
  await hubspot.act("delete", { id: purged, privacy: true });
  await hubspot.act("merge", { from: merged, into: kept });
  const reply = await search("contacts", filter("hs_object_id", "IN", { values: [kept, archived, purged, merged] }));
  expect(reply.body.results.map(({ id }) => id)).toEqual([kept]);
});
