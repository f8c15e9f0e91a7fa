import { z } from "zod";
import { type Access, recordKey } from "../../core/connector.ts";
import type { Lead, RecordRef } from "../../core/types.ts";
import { type Client, openClient, withVisibleFields } from "./client.ts";
import type { Config } from "./config.ts";
import { type PersonObject, type PersonRow, person, personFields, personRow, textOf } from "./person.ts";
import { idsOf } from "./read.ts";
import { id } from "./rows.ts";
import { among, portions, sameId } from "./soql.ts";
import { worthFields, worthIn } from "./worth.ts";

/** The people behind leads and opportunities: three queries for each 150 opportunities, two more for those that no lead became. */
export async function leads(access: Access<Config>, records: readonly RecordRef[]): Promise<ReadonlyMap<string, Lead>> {
  const client = openClient(access);
  const { config } = access;
  const people = new Map<string, Lead>();
  for (const row of await persons(client, config, "Lead", "Id", idsOf(records, "lead"), worthFields(config, "lead")))
    people.set(sameId(row.Id), { ...person("Lead", row, config), ...worthIn(row, config, "lead") });
  for (const [key, lead] of await behindOpportunities(client, config, idsOf(records, "opportunity")))
    people.set(key, lead);

  const found = new Map<string, Lead>();
  for (const record of records) {
    const lead = people.get(sameId(record.id));
    if (lead) found.set(recordKey(record), lead);
  }
  return found;
}

async function behindOpportunities(client: Client, config: Config, ids: readonly string[]) {
  const own = [config.fields.leadId, ...worthFields(config, "opportunity")];
  const opportunities = await inPortions(client, "Opportunity", "Id", ids, ["Id", "CreatedDate"], own, personRow);
  const converted = new Map<string, Lead>();
  for (const row of await persons(client, config, "Lead", "ConvertedOpportunityId", ids)) {
    const key = sameId(textOf(row, "ConvertedOpportunityId") ?? "");
    converted.set(key, better(converted.get(key), person("Lead", row, config)));
  }
  const contacts = await primaryContacts(
    client,
    config,
    opportunities.map((row) => row.Id).filter((each) => !converted.has(sameId(each))),
  );

  const people = new Map<string, Lead>();
  for (const row of opportunities) {
    const key = sameId(row.Id);
    const contact = contacts.get(key);
    const base = converted.get(key) ?? contact;
    const leadId = textOf(row, config.fields.leadId) ?? base?.leadId;
    if (!base && !leadId) continue;
    people.set(key, {
      contact: {},
      ...(config.fields.consent ? { consent: false } : {}),
      ...base,
      ...(leadId ? { leadId } : {}),
      // A contact may be made after its opportunity; a lead never is.
      createdAt: earlier(base?.createdAt, converted.has(key) ? undefined : row.CreatedDate) ?? row.CreatedDate,
      ...worthIn(row, config, "opportunity"),
    });
  }
  return people;
}

const roleRow = z.object({ Id: id, OpportunityId: id, ContactId: id, IsPrimary: z.boolean() });

/** By `sameId` of the opportunity. Without a primary contact nobody: any other would be a guess. */
async function primaryContacts(client: Client, config: Config, ids: readonly string[]) {
  const found = new Map<string, Lead>();
  const contactOf = new Map<string, string>();
  for (const some of portions(ids))
    for (const role of await client.rows(
      {
        fields: Object.keys(roleRow.shape),
        from: "OpportunityContactRole",
        where: [among("OpportunityId", some), "IsPrimary = true"],
      },
      roleRow,
    ))
      contactOf.set(sameId(role.OpportunityId), role.ContactId);
  const rows = await persons(client, config, "Contact", "Id", [...contactOf.values()]);
  const contacts = new Map(rows.map((row) => [sameId(row.Id), person("Contact", row, config)]));
  for (const [opportunity, contact] of contactOf) {
    const lead = contacts.get(sameId(contact));
    if (lead) found.set(opportunity, lead);
  }
  return found;
}

const persons = (
  client: Client,
  config: Config,
  object: PersonObject,
  by: string,
  ids: readonly string[],
  also: readonly string[] = [],
) => {
  const optional = [...personFields(object, config), ...also];
  return inPortions<PersonRow>(client, object, by, ids, ["Id", "CreatedDate", by], optional, personRow);
};

async function inPortions<Row extends { readonly Id: string }>(
  client: Client,
  from: string,
  by: string,
  ids: readonly string[],
  needed: readonly string[],
  optional: readonly string[],
  row: z.ZodType<Row>,
): Promise<readonly Row[]> {
  const found: Row[] = [];
  let visible = onlyOnce(needed, optional);
  for (const some of portions(ids))
    found.push(
      ...(await withVisibleFields(client, from, visible, (fields) => {
        visible = fields;
        return client.rows({ fields: [...needed, ...fields], from, where: [among(by, some)] }, row);
      })),
    );
  return found;
}

/** Salesforce refuses a query that names a field twice, in whatever case ("duplicate field selected"). */
function onlyOnce(needed: readonly string[], optional: readonly string[]): readonly string[] {
  const names = new Map([...optional].reverse().map((name) => [name.toLowerCase(), name]));
  for (const name of needed) names.delete(name.toLowerCase());
  return [...names.values()].reverse();
}

/** Several leads may be converted into one opportunity: the one that came from Meta counts, else the earliest. */
function better(one: Lead | undefined, other: Lead): Lead {
  if (!one || Boolean(one.leadId) !== Boolean(other.leadId)) return one?.leadId ? one : other;
  return earlier(one.createdAt, other.createdAt) === one.createdAt ? one : other;
}

function earlier(one: Date | undefined, other: Date | undefined): Date | undefined {
  if (!one || !other) return one ?? other;
  return one <= other ? one : other;
}
