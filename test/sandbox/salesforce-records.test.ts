import { expect, test } from "vitest";
import { errorOf, type Json, openSalesforce } from "./salesforce-rig.ts";

const HISTORY = "SELECT StageName, Amount, PrevAmount, CreatedDate FROM OpportunityHistory WHERE OpportunityId =";
const LEAD_HISTORY = "SELECT Field, OldValue, NewValue FROM LeadHistory WHERE LeadId =";
const SECOND = 1000;

test("a lead keeps a history of its status while tracking is on", async () => {
  const { act, rows } = await openSalesforce();
  const { id } = await act("create", { object: "Lead" });
  await act("move", { object: "Lead", id, stage: "Working - Contacted" });
  await act("tracking", { on: false });
  await act("move", { object: "Lead", id, stage: "Nurturing" });
  const found = await rows(`${LEAD_HISTORY} '${id}' ORDER BY Id`);
  expect(found.map(({ Field, OldValue, NewValue }) => [Field, OldValue, NewValue])).toEqual([
    ["created", null, null],
    ["Status", "Open - Not Contacted", "Working - Contacted"],
  ]);
  const [{ IsFieldHistoryTracked } = {}] = await rows(
    "SELECT IsFieldHistoryTracked FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = 'Lead' AND QualifiedApiName = 'Status'",
    "tooling/query",
  );
  expect(IsFieldHistoryTracked).toBe(false);
});

test("lead history is asked for 18 months by query, for 24 by queryAll", async () => {
  const { act, clock, rows } = await openSalesforce();
  const months = (count: number) => new Date(clock.at - count * 30.4 * 86_400_000).toISOString();
  const { id } = await act("create", { object: "Lead", at: months(25) });
  await act("move", { id, stage: "Working - Contacted", at: months(20) });
  await act("move", { id, stage: "Nurturing", at: months(2) });
  const stages = async (reach: string) =>
    (await rows(`${LEAD_HISTORY} '${id}' ORDER BY CreatedDate`, reach)).map(({ NewValue }) => NewValue);
  expect(await stages("query")).toEqual(["Nurturing"]);
  expect(await stages("queryAll")).toEqual(["Working - Contacted", "Nurturing"]);
});

test("an opportunity keeps its history by itself, and an amount repeats its stage there", async () => {
  const { act, clock, rows } = await openSalesforce();
  const { id } = await act("create", { object: "Opportunity" });
  const read = async () =>
    (await rows(`SELECT LastStageChangeDate, IsWon, Probability FROM Opportunity WHERE Id = '${id}'`))[0];
  expect((await read())?.LastStageChangeDate).toBeNull();
  await act("update", { id, fields: { Amount: 500 } });
  clock.at += 60 * SECOND;
  await act("update", { id, fields: { Name: "Renamed" } });
  await act("move", { id, stage: "Closed Won" });
  const found = await rows(`${HISTORY} '${id}' ORDER BY Id`);
  expect(found.map(({ StageName, Amount, PrevAmount }) => [StageName, Amount, PrevAmount])).toEqual([
    ["Prospecting", null, null],
    ["Prospecting", 500, null],
    ["Closed Won", 500, 500],
  ]);
  expect(await read()).toMatchObject({ LastStageChangeDate: found[2]?.CreatedDate, IsWon: true, Probability: 100 });
});

test("a conversion makes account, contact and opportunity, and maps only the mapped field", async () => {
  const { act, rows } = await openSalesforce();
  const person = { metaLeadId: "123456789012345", fbclid: "abc", email: "a@x.example" };
  const { id } = await act("create", { object: "Lead", person });
  const { opportunityId, contactId } = await act("convert", { leadId: id });
  const [lead] = await rows(
    `SELECT Status, IsConverted, ConvertedDate, ConvertedOpportunityId, ConvertedContactId FROM Lead WHERE Id = '${id}'`,
  );
  expect(lead).toMatchObject({ Status: "Closed - Converted", IsConverted: true });
  expect(lead).toMatchObject({ ConvertedOpportunityId: opportunityId, ConvertedContactId: contactId });
  expect(lead?.ConvertedDate).toMatch(/^\d{4}-\d\d-\d\d$/);
  const [deal] = await rows(`SELECT Meta_Lead_ID__c, ContactId FROM Opportunity WHERE Id = '${opportunityId}'`);
  expect(deal).toMatchObject({ Meta_Lead_ID__c: "123456789012345", ContactId: null });
  const [role] = await rows(
    `SELECT IsPrimary, ContactId, Contact.Email FROM OpportunityContactRole WHERE OpportunityId = '${opportunityId}'`,
  );
  expect(role).toMatchObject({ IsPrimary: true, ContactId: contactId, Contact: { Email: "a@x.example" } });
  const history = await rows(`${LEAD_HISTORY} '${id}' ORDER BY Id`);
  expect(history.map(({ Field }) => Field)).toEqual(["created", "Status", "leadConverted"]);
  await expect(act("move", { id, stage: "Nurturing" })).rejects.toThrow("converted");
});

test("a conversion may make no opportunity, and a move to the converted status is a conversion", async () => {
  const { act, rows } = await openSalesforce();
  const bare = await act("create", { object: "Lead" });
  expect(await act("convert", { leadId: bare.id, opportunity: false })).not.toHaveProperty("opportunityId");
  const moved = await act("create", { object: "Lead" });
  await act("move", { id: moved.id, stage: "Closed - Converted" });
  const soql = `SELECT ConvertedOpportunityId, ConvertedContactId FROM Lead WHERE Id IN ('${bare.id}', '${moved.id}') ORDER BY Id`;
  const [first, second] = await rows(soql);
  expect(first?.ConvertedOpportunityId).toBeNull();
  expect(first?.ConvertedContactId).toMatch(/^003/);
  expect(second?.ConvertedOpportunityId).toMatch(/^006/);
});

test("a data load gives hundreds of records one and the same stamp", async () => {
  const { act, rows } = await openSalesforce();
  const { ids } = await act<{ ids: string[] } & Json>("bulk", { object: "Lead", count: 300, stage: "Nurturing" });
  expect(new Set(ids).size).toBe(300);
  const [first] = await rows(`SELECT SystemModstamp FROM Lead WHERE Id = '${ids[0]}'`);
  const stamp = String(first?.SystemModstamp).replace(".000+0000", "Z");
  const same = await rows(`SELECT Id FROM Lead WHERE SystemModstamp = ${stamp} AND Status = 'Nurturing'`);
  expect(same.map(({ Id }) => Id).toSorted()).toEqual(ids.toSorted());
  await expect(act("bulk", { object: "Lead", count: 2, stage: "Closed - Converted" })).rejects.toThrow("converted");
});

test("a job of Salesforce's own moves SystemModstamp and not LastModifiedDate", async () => {
  const { act, clock, rows } = await openSalesforce();
  const { id } = await act("create", { object: "Lead" });
  const read = async () => (await rows(`SELECT SystemModstamp, LastModifiedDate FROM Lead WHERE Id = '${id}'`))[0];
  const before = await read();
  clock.at += 60 * SECOND;
  await act("touch", { id });
  const after = await read();
  expect(after?.LastModifiedDate).toBe(before?.LastModifiedDate);
  expect(String(after?.SystemModstamp) > String(before?.SystemModstamp)).toBe(true);
});

test("a back-dated change keeps its true SystemModstamp", async () => {
  const { act, clock, rows } = await openSalesforce();
  const at = new Date(clock.at - 86_400_000).toISOString();
  const { id } = await act("create", { object: "Lead", at });
  const [lead] = await rows(`SELECT CreatedDate, LastModifiedDate, SystemModstamp FROM Lead WHERE Id = '${id}'`);
  expect(lead?.CreatedDate).toBe(lead?.LastModifiedDate);
  expect(
    Date.parse(String(lead?.CreatedDate).slice(0, 19)) < Date.parse(String(lead?.SystemModstamp).slice(0, 19)),
  ).toBe(true);
});

test("a slow transaction appears late, with a stamp older than what was read before it", async () => {
  const { act, clock, get, restart, rows } = await openSalesforce();
  const { id: slow } = await act("create", { object: "Lead" });
  await act("delayCommit", { ms: 60 * SECOND });
  await act("move", { id: slow, stage: "Nurturing" });
  const started = clock.at;
  await act("delayCommit", { ms: 0 });
  clock.at += 30 * SECOND;
  const { id: quick } = await act("create", { object: "Lead" });
  const read = () =>
    rows(`SELECT Id, Status, SystemModstamp FROM Lead WHERE Id IN ('${slow}', '${quick}') ORDER BY SystemModstamp`);
  restart();
  const before = await read();
  expect(before.find(({ Id }) => Id === slow)?.Status).toBe("Open - Not Contacted");
  expect(await rows(`${LEAD_HISTORY} '${slow}' AND Field = 'Status'`)).toEqual([]);
  const window = `start=${new Date(started - 120_000).toISOString()}&end=${new Date(started + 600_000).toISOString()}`;
  const covered = ((await get(`sobjects/Lead/updated/?${window}`)).body as Json).latestDateCovered;
  expect(Date.parse(String(covered).slice(0, 19))).toBeLessThanOrEqual(started);

  clock.at += 31 * SECOND;
  const after = await read();
  expect(after.map(({ Id, Status }) => [Id, Status])).toEqual([
    [slow, "Nurturing"],
    [quick, "Open - Not Contacted"],
  ]);
  expect(String(after[0]?.SystemModstamp) < String(after[1]?.SystemModstamp)).toBe(true);
  expect(await rows(`${LEAD_HISTORY} '${slow}' AND Field = 'Status'`)).toHaveLength(1);
});

test("deleted records are seen by queryAll only, erased ones by nobody", async () => {
  const { act, query } = await openSalesforce();
  const { id } = await act("create", { object: "Opportunity" });
  const count = async (reach: string, object = "Opportunity", key = "Id") =>
    ((await query(`SELECT COUNT() FROM ${object} WHERE ${key} = '${id}'`, reach)).body as Json).totalSize;
  await act("delete", { id });
  expect([await count("query"), await count("queryAll")]).toEqual([0, 1]);
  expect(await count("query", "OpportunityHistory", "OpportunityId")).toBe(0);
  expect(await count("queryAll", "OpportunityHistory", "OpportunityId")).toBe(1);
  await act("undelete", { id });
  expect(await count("query")).toBe(1);
  await act("delete", { id, hard: true });
  expect(await count("queryAll")).toBe(0);
  const { id: next } = await act("create", { object: "Opportunity" });
  expect(next).not.toBe(id);
});

test("a merged lead goes to the recycle bin and names the one it went into", async () => {
  const { act, clock, rows } = await openSalesforce();
  const winner = await act("create", { object: "Lead" });
  const loser = await act("create", { object: "Lead" });
  clock.at += 60 * SECOND;
  await act("merge", { from: loser.id, into: winner.id });
  const soql = `SELECT Id, IsDeleted, MasterRecordId, SystemModstamp FROM Lead WHERE Id IN ('${winner.id}', '${loser.id}') ORDER BY Id`;
  expect(await rows(soql)).toHaveLength(1);
  const [first, second] = await rows(soql, "queryAll");
  expect(first).toMatchObject({ Id: winner.id, IsDeleted: false, MasterRecordId: null });
  expect(second).toMatchObject({ Id: loser.id, IsDeleted: true, MasterRecordId: winner.id });
  expect(first?.SystemModstamp).toBe(second?.SystemModstamp);
});

test("a status nobody has heard of is kept as it is", async () => {
  const { act, rows } = await openSalesforce();
  const { id } = await act("create", { object: "Opportunity", stage: "Imported Stage" });
  expect((await rows(`SELECT StageName, IsClosed FROM Opportunity WHERE Id = '${id}'`))[0]).toMatchObject({
    StageName: "Imported Stage",
    IsClosed: false,
  });
});

test("an action that fails leaves nothing behind", async () => {
  const { act, query, restart } = await openSalesforce();
  const counts = async () =>
    Promise.all(
      ["Lead", "Account", "LeadHistory"].map(
        async (object) => ((await query(`SELECT COUNT() FROM ${object}`, "queryAll")).body as Json).totalSize,
      ),
    );
  const before = await counts();
  await expect(act("create", { object: "Contact" })).rejects.toThrow();
  await expect(act("create", { object: "Lead", at: "yesterday" })).rejects.toThrow("no time");
  await expect(act("move", { id: "00Q", stage: "Nurturing" })).rejects.toThrow("no record");
  expect(await counts()).toEqual(before);
  restart();
  expect(await counts()).toEqual(before);
});

test("everything is there again after a restart, and new ids follow the old ones", async () => {
  const { act, query, restart } = await openSalesforce();
  const { id } = await act("create", { object: "Opportunity" });
  await act("move", { id, stage: "Closed Won" });
  const history = await act<Json[] & Json>("history");
  const all = async () => (await query("SELECT Id, StageName, SystemModstamp FROM Opportunity ORDER BY Id")).body;
  const before = await all();
  restart();
  expect(await all()).toEqual(before);
  expect(await act("history")).toEqual(history);
  const { id: next } = await act("create", { object: "Opportunity" });
  expect(String(next) > String(id)).toBe(true);
  expect(errorOf(await query("SELECT Nope FROM Lead"))).toBe("400 INVALID_FIELD");
});
