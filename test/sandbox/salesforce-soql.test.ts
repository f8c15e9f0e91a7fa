import { describe, expect, test } from "vitest";
import { errorOf, type Json, openSalesforce, type Reply } from "./salesforce-rig.ts";

const messageOf = ({ body }: Reply): string => (body as { message: string }[])[0]?.message ?? "";
const DAY = 86_400_000;

/** Three leads of our own among the seeded ones, told apart by their company. */
async function withLeads() {
  const sf = await openSalesforce();
  const at = (days: number) => new Date(sf.clock.at - days * DAY).toISOString();
  const make = (firstName: string, days: number, person: Json = {}) =>
    sf.act("create", { person: { firstName, lastName: "X", company: "Here", ...person }, at: at(days) });
  const ids = [
    (await make("Ada", 3, { phone: "" })).id,
    (await make("bob", 2, { email: "50%_off@x.example" })).id,
    (await make("O'Neil \\ Zoë", 1)).id,
  ];
  const names = async (where: string, rest = "ORDER BY CreatedDate") =>
    (await sf.rows(`SELECT FirstName FROM Lead WHERE Company = 'Here' AND (${where}) ${rest}`)).map(
      (row) => row.FirstName,
    );
  return { ...sf, ids, at, names };
}

describe("a query finds", () => {
  test("text in any case, with its escapes", async () => {
    const { names } = await withLeads();
    expect(await names("FirstName = 'BOB'")).toEqual(["bob"]);
    expect(await names("FirstName = 'O\\'Neil \\\\ Zoë'")).toEqual(["O'Neil \\ Zoë"]);
    expect(await names("FirstName = '\\u0041da'")).toEqual(["Ada"]);
    expect(await names("FirstName IN ('ada', 'bob')")).toEqual(["Ada", "bob"]);
    expect(await names("FirstName NOT IN ('ada', 'bob')")).toEqual(["O'Neil \\ Zoë"]);
  });

  test("patterns, with wildcards and without", async () => {
    const { names } = await withLeads();
    expect(await names("FirstName LIKE 'a_a'")).toEqual(["Ada"]);
    expect(await names("FirstName LIKE '%o%'")).toEqual(["bob", "O'Neil \\ Zoë"]);
    expect(await names("Email LIKE '50\\%\\_%'")).toEqual(["bob"]);
    expect(await names("Email LIKE '5_\\%%'")).toEqual(["bob"]);
    expect(await names("Email LIKE '\\_\\_%'")).toEqual([]);
    expect(await names("Phone LIKE '%'")).toHaveLength(2);
  });

  test("nulls as nulls, also where empty text was written", async () => {
    const { names } = await withLeads();
    expect(await names("Phone = null")).toEqual(["Ada"]);
    expect(await names("Phone = ''")).toEqual(["Ada"]);
    expect(await names("Phone != 'x'")).toHaveLength(3);
    expect(await names("Phone < 'zzz'")).toHaveLength(2);
  });

  test("instants in any zone, and days by name", async () => {
    const { names, at, rows, ids } = await withLeads();
    const [row] = await rows(`SELECT CreatedDate FROM Lead WHERE Id = '${ids[1]}'`);
    const instant = new Date(String(row?.CreatedDate).replace("+0000", "Z"));
    const inIndia = new Date(instant.getTime() + 5.5 * 3_600_000).toISOString().slice(0, 19);
    expect(await names(`CreatedDate = ${instant.toISOString()}`)).toEqual(["bob"]);
    expect(await names(`CreatedDate = ${inIndia}+05:30`)).toEqual(["bob"]);
    expect(await names(`CreatedDate = ${inIndia}+0530`)).toEqual(["bob"]);
    expect(await names(`CreatedDate >= ${at(2.5)} AND CreatedDate < ${at(1.5)}`)).toEqual(["bob"]);
    expect(await names("CreatedDate = YESTERDAY")).toEqual(["O'Neil \\ Zoë"]);
    expect(await names("CreatedDate < YESTERDAY")).toEqual(["Ada", "bob"]);
    expect(await names("CreatedDate = LAST_N_DAYS:2")).toEqual(["bob", "O'Neil \\ Zoë"]);
  });

  test("ids in both forms, in the order they were made", async () => {
    const { names, ids } = await withLeads();
    const [first, second] = ids.map(String);
    expect(await names(`Id = '${first?.slice(0, 15)}'`)).toEqual(["Ada"]);
    expect(await names(`Id > '${first}'`)).toEqual(["bob", "O'Neil \\ Zoë"]);
    expect(await names(`Id > '${second?.slice(0, 15)}'`)).toEqual(["O'Neil \\ Zoë"]);
  });

  test("what AND, OR, NOT and parentheses say", async () => {
    const { names } = await withLeads();
    expect(await names("(FirstName = 'Ada' OR FirstName = 'bob') AND Phone != null")).toEqual(["bob"]);
    expect(await names("NOT FirstName = 'Ada'")).toHaveLength(2);
    expect(await names("(NOT FirstName LIKE 'a%') AND (NOT FirstName = 'bob')")).toEqual(["O'Neil \\ Zoë"]);
    expect(await names("IsConverted = true")).toEqual([]);
  });

  test("rows in order, with nulls first or last, and a part of them", async () => {
    const { names } = await withLeads();
    expect(await names("IsConverted = false", "ORDER BY FirstName DESC")).toEqual(["O'Neil \\ Zoë", "bob", "Ada"]);
    expect(await names("IsConverted = false", "ORDER BY Phone NULLS FIRST, Id LIMIT 1")).toEqual(["Ada"]);
    expect((await names("IsConverted = false", "ORDER BY Phone DESC NULLS LAST")).at(-1)).toBe("Ada");
    expect(await names("IsConverted = false", "ORDER BY CreatedDate LIMIT 1 OFFSET 1")).toEqual(["bob"]);
  });

  test("how many there are, without the rows", async () => {
    const { query } = await withLeads();
    const { body } = await query("select count() from lead where company = 'here'");
    expect(body).toEqual({ totalSize: 3, done: true, records: [] });
  });

  test("fields of parent records, and null where there is no parent", async () => {
    const { act, rows, ids } = await withLeads();
    const { opportunityId } = await act("convert", { leadId: ids[0] });
    const [converted, open] = await rows(
      `SELECT ConvertedOpportunity.StageName, ConvertedOpportunity.Account.Name, Lead.FirstName FROM Lead WHERE Id IN ('${ids[0]}','${ids[1]}') ORDER BY Id`,
    );
    expect(converted).toMatchObject({
      FirstName: "Ada",
      ConvertedOpportunity: {
        attributes: { type: "Opportunity", url: `/services/data/v68.0/sobjects/Opportunity/${opportunityId}` },
        StageName: "Prospecting",
        Account: { Name: "Here" },
      },
    });
    expect(open?.ConvertedOpportunity).toBeNull();
  });
});

test("a record shows attributes, canonical names, nulls and instants of whole seconds with +0000", async () => {
  const { rows, ids } = await withLeads();
  const [row] = await rows(
    `SELECT id, PHONE, isconverted, ConvertedDate, SystemModstamp FROM Lead WHERE Id = '${ids[0]}'`,
  );
  expect(row).toEqual({
    attributes: { type: "Lead", url: `/services/data/v68.0/sobjects/Lead/${ids[0]}` },
    Id: ids[0],
    Phone: null,
    IsConverted: false,
    ConvertedDate: null,
    SystemModstamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/),
  });
});

test.each([
  ["SELECT Id", "400 MALFORMED_QUERY", "unexpected token: '<EOF>'"],
  ["SELECT Id FROM Lead WHERE", "400 MALFORMED_QUERY", "unexpected token: '<EOF>'"],
  ["SELECT Id FROM Lead WHERE Id == 'x'", "400 MALFORMED_QUERY", "unexpected token: '='"],
  ["SELECT Id FROM Lead WHERE Name = 'x", "400 MALFORMED_QUERY", "string literals"],
  ["SELECT Id FROM Lead WHERE Name = 'a\\z'", "400 MALFORMED_QUERY", "Illegal backslash sequence"],
  [
    "SELECT Id FROM Lead WHERE Name = 'a' AND City = 'b' OR State = 'c'",
    "400 MALFORMED_QUERY",
    "unexpected token: 'OR'",
  ],
  ["SELECT Id FROM Lead WHERE CreatedDate > 2026-13-45T00:00:00Z", "400 MALFORMED_QUERY", "unexpected token: '2026"],
  ["SELECT Id FROM Lead; DELETE", "400 MALFORMED_QUERY", "unexpected token: ';'"],
  ["SELECT Id, Id FROM Lead", "400 MALFORMED_QUERY", "duplicate field selected: Id"],
  ["SELECT Id FROM Lead ORDER BY", "400 MALFORMED_QUERY", "unexpected token"],
  ["SELECT Id FROM Lead OFFSET 2001", "400 NUMBER_OUTSIDE_VALID_RANGE", "offset"],
  [`SELECT Id FROM Lead WHERE Name = '${"x".repeat(4001)}'`, "400 MALFORMED_QUERY", "4000"],
  ["SELECT Id FROM Leads", "400 INVALID_TYPE", "sObject type 'Leads' is not supported"],
  ["SELECT Id, Nope__c FROM Lead", "400 INVALID_FIELD", "No such column 'Nope__c' on entity 'Lead'"],
  ["SELECT Id FROM Lead WHERE Nope = 1", "400 INVALID_FIELD", "No such column 'Nope'"],
  ["SELECT Nope.Name FROM Lead", "400 INVALID_FIELD", "Didn't understand relationship 'Nope'"],
  ["SELECT Id FROM Lead WHERE CreatedDate > '2026-01-01'", "400 INVALID_FIELD", "should not be enclosed in quotes"],
  ["SELECT Id FROM Lead WHERE CreatedDate > 2026-01-01", "400 INVALID_FIELD", "must be of type datetime"],
  ["SELECT Id FROM Lead WHERE Name = 1", "400 INVALID_FIELD", "should be enclosed in quotes"],
  ["SELECT Id FROM Lead WHERE Id > ''", "400 INVALID_QUERY_FILTER_OPERATOR", "invalid ID field"],
  ["SELECT Id FROM LeadHistory WHERE NewValue = 'x'", "400 INVALID_FIELD", "can not be filtered"],
  ["SELECT Id FROM LeadHistory ORDER BY OldValue", "400 INVALID_FIELD", "can not be sorted"],
  ["SELECT QualifiedApiName FROM FieldDefinition", "400 MALFORMED_QUERY", "reified column"],
])("%s is refused", async (soql, code, words) => {
  const { query } = await openSalesforce();
  const answer = await query(soql);
  expect(errorOf(answer)).toBe(code);
  expect(messageOf(answer)).toContain(words);
});
