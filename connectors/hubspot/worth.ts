import type { FieldSource, Sourced } from "../../core/connector.ts";
import type { Lead } from "../../core/types.ts";
import type { Client } from "./client.ts";
import type { HubspotConfig } from "./config.ts";
import type { ObjectName } from "./objects.ts";
import type { Row } from "./shapes.ts";

/** Of a deal in an account with several currencies; empty elsewhere. */
const ownCurrency = "deal_currency_code";
const accountCurrency = "companyCurrency";

/** HubSpot calculates these into the account's currency, whatever the deal's own (`amount_in_home_currency`). */
const isConverted = (property: string): boolean => property.endsWith("_in_home_currency");

/** What has to be read of such a record to know its worth. Contacts and leads have no currency of their own. */
export function worthProperties({ fields, currency }: HubspotConfig, object: ObjectName): readonly string[] {
  const property = fields.value[object];
  if (property === undefined) return [];
  return object === "deal" && currency === undefined && !isConverted(property) ? [property, ownCurrency] : [property];
}

/** What each record is worth, by the keys of its rows. */
export async function worthsOf(
  client: Client,
  { fields, currency: fixed }: HubspotConfig,
  rows: ReadonlyMap<string, Row>,
): Promise<ReadonlyMap<string, Lead["value"]>> {
  const worth = new Map<string, Lead["value"]>();
  let ofAccount: string | undefined;
  for (const [key, { properties }] of rows) {
    const property = fields.value[key.slice(0, key.indexOf(":")) as ObjectName];
    const text = property === undefined ? undefined : properties[property]?.trim();
    if (property === undefined || !text) continue;
    const own = fixed ?? (isConverted(property) ? undefined : properties[ownCurrency]);
    if (!own) ofAccount ??= (await client.account()).companyCurrency ?? "";
    const currency = own || ofAccount;
    worth.set(key, { amount: Number(text), ...(currency && { currency }) });
  }
  return worth;
}

export function worthSources(
  { fields, currency: fixed }: HubspotConfig,
  object: ObjectName,
): Readonly<Partial<Record<Sourced, FieldSource>>> {
  const property = fields.value[object];
  if (property === undefined) return {};
  const value = { of: object, names: [property] };
  if (fixed !== undefined) return { value };
  const own = object === "deal" && !isConverted(property) ? [ownCurrency] : [];
  return { value, currency: { of: object, names: own, ofAccount: accountCurrency } };
}
