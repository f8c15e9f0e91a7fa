import { afterEach, beforeEach, expect, test } from "vitest";
import { type Hubspot, openHubspot } from "./hubspot-port.ts";

let hubspot: Hubspot;
beforeEach(async () => {
  hubspot = await openHubspot();
});
afterEach(() => hubspot.close());
type Made = { id: string; contacts: string[] };
const objects = "/crm/objects/2026-09";

test.each(["/crm/v3/objects/deals", "/crm/v4/objects/deals/1/associations/contacts", "/oauth/v1/access-tokens/x"])(
  "an undated path is not found: %s",
  async (path) => {
    expect((await hubspot.get(path)).status).toBe(404);
  },
);

test("objects answer to their name and to their type id, others are refused", async () => {
  const { id } = await hubspot.act<Made>("create", { object: "lead" });
  expect((await hubspot.get(`${objects}/leads/${id}`)).body.id).toBe(id);
  expect((await hubspot.get(`${objects}/0-136/${id}`)).body.id).toBe(id);
  const { body, status } = await hubspot.get(`${objects}/unicorns/${id}`);
  expect([status, body.message]).toEqual([400, "Unable to infer object type from: unicorns"]);
});

test("values are text or null, unknown properties are left out, each object has its own defaults", async () => {
  const { id } = await hubspot.act<Made>("create", { person: { metaLeadId: "123456789012345", phone: "" } });
  const { body } = await hubspot.get(`${objects}/contacts/${id}?properties=meta_lead_id,phone,no_such_property`);
  expect(body.properties).toMatchObject({ meta_lead_id: "123456789012345", phone: null, hs_object_id: id });
  expect(body.properties).not.toHaveProperty("no_such_property");
  const defaults = async (type: string, key: string) => {
    const reply = await hubspot.get(`${objects}/${type}/${key}`);
    return Object.keys(reply.body.properties as object);
  };
  expect(await defaults("contacts", id)).toContain("lastmodifieddate");
  const deal = await hubspot.act<Made>("create", { object: "deal" });
  expect(await defaults("deals", deal.id)).toEqual(expect.arrayContaining(["dealstage", "hs_lastmodifieddate"]));
});

test("history is newest first, to the millisecond, with its source, and keeps backdated times", async () => {
  const at = ["2026-11-01T08:00:00.123Z", "2026-11-03T09:30:00.456Z"];
  const { id } = await hubspot.act<Made>("create", { object: "deal", at: at[0] });
  await hubspot.act("move", { object: "deal", id, stage: "contractsent", at: at[1] });
  const { body } = await hubspot.get(`${objects}/deals/${id}?propertiesWithHistory=dealstage,pipeline`);
  const history = body.propertiesWithHistory as Record<string, object[]>;
  expect(history.dealstage).toMatchObject([
    { value: "contractsent", timestamp: at[1], sourceType: "IMPORT" },
    { value: "appointmentscheduled", timestamp: at[0], sourceType: "IMPORT" },
  ]);
  expect(history.pipeline).toHaveLength(1);
  expect(body.properties).toMatchObject({ dealstage: "contractsent" });
});

test("history keeps 20 versions of deals and 45 of contacts, while the truth keeps all", async () => {
  const [deal, contact] = [await hubspot.act<Made>("create", { object: "deal" }), await hubspot.act<Made>("create")];
  for (let turn = 0; turn < 25; turn += 1)
    for (const stage of ["qualifiedtobuy", "contractsent"])
      await hubspot.act("move", { object: "deal", id: deal.id, stage });
  for (let turn = 0; turn < 25; turn += 1)
    for (const hs_lead_status of ["OPEN", "NEW"])
      await hubspot.act("write", { id: contact.id, properties: { hs_lead_status } });
  const kept = async (type: string, id: string, name: string) => {
    const { body } = await hubspot.get(`${objects}/${type}/${id}?propertiesWithHistory=${name}`);
    return (body.propertiesWithHistory as Record<string, object[]>)[name];
  };
  expect(await kept("deals", deal.id, "dealstage")).toHaveLength(20);
  expect(await kept("contacts", contact.id, "hs_lead_status")).toHaveLength(45);
  const truth = await hubspot.act<{ id: string }[]>("history");
  expect(truth.filter(({ id }) => id === deal.id)).toHaveLength(51);
});

test("a lifecycle stage that goes back is cleared first", async () => {
  const { id } = await hubspot.act<Made>("create", { stage: "opportunity" });
  await hubspot.act("move", { object: "contact", id, stage: "lead" });
  const { body } = await hubspot.get(`${objects}/contacts/${id}?propertiesWithHistory=lifecyclestage`);
  const history = (body.propertiesWithHistory as Record<string, { value: string }[]>).lifecyclestage;
  expect(history?.map(({ value }) => value)).toEqual(["lead", "", "opportunity"]);
});

test("date-entered properties of hyphenated stages have names that cannot be built", async () => {
  const { body } = await hubspot.get("/crm/properties/2026-09/deals");
  const names = body.results.map(({ name }) => name).filter((name) => name.startsWith("hs_v2_date_entered_"));
  expect(names).toContain("hs_v2_date_entered_closedwon");
  expect(names).toContain("hs_v2_date_entered_1167445770");
  expect(names.find((name) => name.includes("site"))).toMatch(/^hs_v2_date_entered_site_visit_\d+$/);
});

test("a batch takes 100 ids, 50 with history, and says so in HubSpot's words", async () => {
  const inputs = (count: number) => Array.from({ length: count }, (_, id) => ({ id: String(id) }));
  const read = (count: number, more = {}) =>
    hubspot.post(`${objects}/deals/batch/read`, { inputs: inputs(count), ...more });
  expect((await read(100)).status).toBe(207);
  expect((await read(101)).status).toBe(400);
  expect((await read(50, { propertiesWithHistory: ["dealstage"] })).status).toBe(207);
  const { status, body } = await read(51, { propertiesWithHistory: ["dealstage"] });
  expect(status).toBe(400);
  expect(body.message).toMatch(
    /^The maximum number of inputs supported in a batch request for property histories is 50/,
  );
});

test("a batch with missing ids is 207 and names them; a complete one is 200", async () => {
  const deal = await hubspot.act<Made>("create", { object: "deal" });
  const read = (ids: string[]) => hubspot.post(`${objects}/deals/batch/read`, { inputs: ids.map((id) => ({ id })) });
  expect((await read([deal.id])).status).toBe(200);
  const { status, body } = await read([deal.id, "404404"]);
  expect([status, body.results[0]?.id, body.numErrors]).toEqual([207, deal.id, 1]);
  expect(body.errors[0]).toMatchObject({ category: "OBJECT_NOT_FOUND", context: { ids: ["404404"] } });
});

test("the list goes through all records, 100 a page, 50 with history", async () => {
  const ids: string[] = [];
  let after = "";
  do {
    const { body } = await hubspot.get(`${objects}/contacts?limit=100${after && `&after=${after}`}`);
    ids.push(...body.results.map(({ id }) => id));
    after = body.paging?.next.after ?? "";
  } while (after);
  expect([ids.length, new Set(ids).size]).toEqual([240, 240]);
  expect((await hubspot.get(`${objects}/contacts?limit=101`)).status).toBe(400);
  expect((await hubspot.get(`${objects}/contacts?limit=51&propertiesWithHistory=lifecyclestage`)).status).toBe(400);
});

test("a deleted record is found only among the archived ones until it is restored", async () => {
  const { id } = await hubspot.act<Made>("create", { object: "deal" });
  await hubspot.act("delete", { object: "deal", id });
  expect((await hubspot.get(`${objects}/deals/${id}`)).status).toBe(404);
  expect((await hubspot.get(`${objects}/deals/${id}?archived=true`)).body.archived).toBe(true);
  await hubspot.act("restore", { object: "deal", id });
  expect((await hubspot.get(`${objects}/deals/${id}`)).body.archived).toBe(false);
});

test("after a privacy deletion nothing of the person is left", async () => {
  const { id } = await hubspot.act<Made>("create", { person: { email: "gone@example.com" } });
  await hubspot.act("delete", { id, privacy: true });
  expect((await hubspot.get(`${objects}/contacts/${id}`)).status).toBe(404);
  expect((await hubspot.get(`${objects}/contacts/${id}?archived=true`)).status).toBe(404);
});

test("a merged id leads to the winner, which takes over deals and missing values", async () => {
  const loser = await hubspot.act<Made>("create", { object: "deal", person: { metaLeadId: "900000000000001" } });
  const winner = await hubspot.act<Made>("create", { person: { metaLeadId: "" } });
  const [from] = loser.contacts;
  await hubspot.act("merge", { object: "contact", from, into: winner.id });
  const { body } = await hubspot.get(`${objects}/contacts/${from}?properties=meta_lead_id,hs_merged_object_ids`);
  expect(body.id).toBe(winner.id);
  expect(body.properties).toMatchObject({ meta_lead_id: "900000000000001", hs_merged_object_ids: from });
  const links = await hubspot.post("/crm/associations/2026-09/deals/contacts/batch/read", {
    inputs: [{ id: loser.id }],
  });
  expect(String(links.body.results[0]?.to[0]?.toObjectId)).toBe(winner.id);
});

test("associations give several contacts, say 207 for records without any, and take 1000 inputs", async () => {
  const read = (from: string, inputs: unknown) =>
    hubspot.post(`/crm/associations/2026-09/${from}/contacts/batch/read`, { inputs });
  const people = [(await hubspot.act<Made>("create")).id, (await hubspot.act<Made>("create")).id];
  const deal = await hubspot.act<Made>("create", { object: "deal", contacts: people });
  const bare = await hubspot.act<Made>("create", { object: "deal", contacts: [] });
  const { status, body } = await read("deals", [{ id: deal.id }, { id: bare.id }]);
  expect(status).toBe(207);
  expect(body.results[0]?.to.map(({ toObjectId }) => String(toObjectId))).toEqual(people);
  expect(body.results[0]?.to[0]?.associationTypes).toMatchObject([{ typeId: 3 }]);
  expect(body.errors[0]).toMatchObject({
    subCategory: "crm.associations.NO_ASSOCIATIONS_FOUND",
    context: { fromObjectId: [bare.id] },
  });
  const lead = await hubspot.act<Made>("create", { object: "lead" });
  const ofLead = await read("0-136", [{ id: lead.id }]);
  expect(ofLead.body.results[0]?.to[0]?.associationTypes.map(({ typeId }) => typeId)).toEqual([578, 608]);
  expect(
    (
      await read(
        "deals",
        Array.from({ length: 1001 }, () => ({ id: "1" })),
      )
    ).status,
  ).toBe(400);
});

test("many contacts of one deal come in pages of their own", async () => {
  await hubspot.act("limits", { associationsPage: 1 });
  const people = [(await hubspot.act<Made>("create")).id, (await hubspot.act<Made>("create")).id];
  const deal = await hubspot.act<Made>("create", { object: "deal", contacts: people });
  const read = async (input: object) => {
    const { body } = await hubspot.post("/crm/associations/2026-09/deals/contacts/batch/read", { inputs: [input] });
    const [first] = body.results as unknown as {
      to: { toObjectId: unknown }[];
      paging?: { next: { after: string } };
    }[];
    return { ids: first?.to.map(({ toObjectId }) => String(toObjectId)), after: first?.paging?.next.after };
  };
  const first = await read({ id: deal.id });
  expect(first.ids).toEqual([people[0]]);
  expect(await read({ id: deal.id, after: first.after })).toEqual({ ids: [people[1]], after: undefined });
});

test("pipelines keep their ids when stages are renamed or archived", async () => {
  const before = await hubspot.get("/crm/pipelines/2026-09/deals");
  expect(before.body.results.map(({ id }) => id)).toEqual(["default", "75118022"]);
  expect(before.body.results[1]?.stages.map(({ id }) => id)).toContain("site-visit");
  expect(before.body.results[0]?.stages.find(({ id }) => id === "closedwon")).toMatchObject({
    label: "Customer",
    metadata: { isClosed: "true", probability: "1.0" },
  });
  await hubspot.act("pipelines", { object: "deal", stage: "contractsent", label: "Papers out" });
  await hubspot.act("pipelines", { object: "deal", stage: "qualifiedtobuy", archived: true });
  const stages = (await hubspot.get("/crm/pipelines/2026-09/0-3/default")).body.stages as {
    id: string;
    label: string;
  }[];
  expect(stages).toContainEqual(expect.objectContaining({ id: "contractsent", label: "Papers out" }));
  expect(stages.map(({ id }) => id)).not.toContain("qualifiedtobuy");
});

test("the lifecycle stages, custom ones too, are the options of a property", async () => {
  const { body } = await hubspot.get("/crm/properties/2026-09/0-1/lifecyclestage");
  const values = (body.options as { value: string }[]).map(({ value }) => value);
  expect(values).toEqual(expect.arrayContaining(["lead", "customer", "198400771"]));
  expect((await hubspot.get("/crm/properties/2026-09/contacts/nothing")).status).toBe(404);
});
