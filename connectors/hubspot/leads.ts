import { type Access, recordKey } from "../../core/connector.ts";
import { Failure, isFailure } from "../../core/errors.ts";
import type { Lead, RecordRef } from "../../core/types.ts";
import { inBatches } from "./batches.ts";
import { type Client, openClient } from "./client.ts";
import type { HubspotConfig } from "./config.ts";
import { choose, contactProperties, toLead } from "./contacts.ts";
import { objects } from "./objects.ts";
import { idsOf } from "./read.ts";
import type { Row } from "./shapes.ts";

/** Lead to its primary contact, an association type that HubSpot defines. */
const primaryContact = 578;

interface Link {
  readonly contactId: string;
  readonly primary: boolean;
}

/** Contacts are their own persons; deals and leads are asked for their contacts. All in bulk: 1000, 100 or 50 at a time. */
export async function leads(
  access: Access<HubspotConfig>,
  records: readonly RecordRef[],
): Promise<ReadonlyMap<string, Lead>> {
  if (records.length === 0) return new Map();
  const client = openClient(access);
  const links = new Map<string, readonly Link[]>();
  for (const id of idsOf(records, "contact"))
    links.set(recordKey({ object: "contact", id }), [{ contactId: id, primary: true }]);
  for (const object of ["deal", "lead"] as const)
    for (const [id, of] of await linksOf(client, object, idsOf(records, object)))
      links.set(recordKey({ object, id }), of);

  const contactIds = [...new Set([...links.values()].flat().map(({ contactId }) => contactId))];
  const { fields } = access.config;
  const contacts = new Map(
    (await inBatches(contactIds, 100, (batch) => client.read(objects.contact, batch, contactProperties(fields)))).map(
      (row) => [row.id, row],
    ),
  );
  const clickSeen = await clicksSeen(client, fields.clickId, [...contacts.values()]);
  const deals = await worthOf(client, idsOf(records, "deal"));

  const found = new Map<string, Lead>();
  for (const [key, of] of links) {
    const candidates = of.flatMap(({ contactId, primary }) => {
      const contact = contacts.get(contactId);
      return contact ? [{ contact, primary }] : [];
    });
    const contact = choose(candidates, fields);
    // A deal may be deleted while its associations are still there.
    if (!contact || (key.startsWith("deal:") && !deals.has(key))) continue;
    const value = deals.get(key);
    found.set(key, { ...toLead(contact, fields, clickSeen.get(contact.id)), ...(value ? { value } : {}) });
  }
  return found;
}

async function linksOf(client: Client, object: "deal" | "lead", ids: readonly string[]): Promise<Map<string, Link[]>> {
  const links = new Map<string, Link[]>();
  let inputs: { id: string; after?: string }[] = ids.map((id) => ({ id }));
  while (inputs.length > 0) {
    const results = await inBatches(inputs, 1000, (batch) =>
      client.associations(objects[object], objects.contact, batch),
    ).catch((error: unknown) => {
      if (object === "lead" && isFailure(error, "crm_forbidden")) return [];
      throw error;
    });
    const asked = new Map(inputs.map(({ id, after }) => [id, after]));
    inputs = [];
    for (const { _from, to, paging } of results) {
      const list = links.get(_from.id) ?? [];
      for (const { toObjectId, associationTypes } of to)
        list.push({ contactId: toObjectId, primary: associationTypes.some(({ typeId }) => typeId === primaryContact) });
      links.set(_from.id, list);
      const after = paging?.next?.after;
      if (after === undefined || to.length === 0) continue;
      if (after === asked.get(_from.id)) throw new Failure("crm_schema", "a list of associations does not end");
      inputs.push({ id: _from.id, after });
    }
  }
  return links;
}

/** When each contact's present click id was first written. */
async function clicksSeen(client: Client, clickId: string | undefined, contacts: readonly Row[]) {
  const seen = new Map<string, Date>();
  if (clickId === undefined) return seen;
  const clicked = contacts.filter(({ properties }) => properties[clickId]).map(({ id }) => id);
  const rows = await inBatches(clicked, 50, (batch) => client.read(objects.contact, batch, [clickId], [clickId]));
  for (const { id, properties, propertiesWithHistory } of rows) {
    const writes = (propertiesWithHistory?.[clickId] ?? []).filter(({ value }) => value === properties[clickId]);
    const first = writes.map(({ timestamp }) => timestamp).toSorted((a, b) => a.getTime() - b.getTime())[0];
    if (first) seen.set(id, first);
  }
  return seen;
}

/** What each deal is worth, by record key; deleted ones are missing. Accounts with one currency leave the deal's own empty. */
async function worthOf(client: Client, ids: readonly string[]): Promise<ReadonlyMap<string, Lead["value"]>> {
  const rows = await inBatches(ids, 100, (batch) => client.read(objects.deal, batch, ["amount", "deal_currency_code"]));
  const worth = new Map<string, Lead["value"]>();
  let companyCurrency: string | undefined;
  for (const { id, properties } of rows) {
    const amount = Number(properties.amount || Number.NaN);
    if (Number.isFinite(amount) && !properties.deal_currency_code)
      companyCurrency ??= (await client.account()).companyCurrency ?? "";
    const currency = properties.deal_currency_code || companyCurrency;
    worth.set(
      recordKey({ object: "deal", id }),
      Number.isFinite(amount) && currency ? { amount, currency } : undefined,
    );
  }
  return worth;
}
