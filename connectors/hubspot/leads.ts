import { type Access, recordKey } from "../../core/connector.ts";
import { Failure, isFailure } from "../../core/errors.ts";
import type { Lead, RecordRef } from "../../core/types.ts";
import { inBatches } from "./batches.ts";
import { type Client, openClient } from "./client.ts";
import type { HubspotConfig } from "./config.ts";
import { choose, contactProperties, toLead } from "./contacts.ts";
import { type ObjectName, objects } from "./objects.ts";
import { idsOf } from "./read.ts";
import type { Row } from "./shapes.ts";
import { worthProperties, worthsOf } from "./worth.ts";

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
  const { config } = access;
  const { fields } = config;
  const wanted = [...contactProperties(fields), ...worthProperties(config, "contact")];
  const contacts = new Map(
    (await inBatches(contactIds, 100, (batch) => client.read(objects.contact, batch, wanted))).map((row) => [
      row.id,
      row,
    ]),
  );
  const clickSeen = await clicksSeen(client, fields.clickId, [...contacts.values()]);
  const rows = await priced(client, config, records, contacts);
  const worth = await worthsOf(client, config, rows);

  const found = new Map<string, Lead>();
  for (const [key, of] of links) {
    const candidates = of.flatMap(({ contactId, primary }) => {
      const contact = contacts.get(contactId);
      return contact ? [{ contact, primary }] : [];
    });
    const contact = choose(candidates, fields);
    // A deal may be deleted while its associations are still there.
    if (!contact || (key.startsWith("deal:") && !rows.has(key))) continue;
    const value = worth.get(key);
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
    ).catch(withoutLeads(object));
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

/** The rows that tell what records are worth, by record key: contacts are read already, deleted deals and leads are missing. */
async function priced(
  client: Client,
  config: HubspotConfig,
  records: readonly RecordRef[],
  contacts: ReadonlyMap<string, Row>,
): Promise<ReadonlyMap<string, Row>> {
  const found = new Map<string, Row>();
  for (const id of idsOf(records, "contact")) {
    const row = contacts.get(id);
    if (row) found.set(recordKey({ object: "contact", id }), row);
  }
  for (const object of ["deal", "lead"] as const) {
    const properties = worthProperties(config, object);
    if (properties.length === 0) continue;
    const rows = await inBatches(idsOf(records, object), 100, (batch) =>
      client.read(objects[object], batch, properties),
    ).catch(withoutLeads(object));
    for (const row of rows) found.set(recordKey({ object, id: row.id }), row);
  }
  return found;
}

/** An account without Sales Hub has no leads, and says so only when it is asked. */
const withoutLeads =
  (object: ObjectName) =>
  (error: unknown): readonly never[] => {
    if (object === "lead" && isFailure(error, "crm_forbidden")) return [];
    throw error;
  };
