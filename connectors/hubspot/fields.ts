import type { Access, Field } from "../../core/connector.ts";
import { isFailure } from "../../core/errors.ts";
import { type Client, openClient } from "./client.ts";
import type { HubspotConfig } from "./config.ts";
import { type ObjectName, objects } from "./objects.ts";
import type { PropertyRow } from "./shapes.ts";

type Suggested = NonNullable<Field["suggests"]>;

/** HubSpot has no property of its own for Meta's lead id; these are the names that tools and people give it. */
const suggestions: readonly (readonly [Suggested, RegExp])[] = [
  ["clickId", /\bfbclid\b|\bfbc\b|(?:facebook|meta|fb).*click.*id/i],
  ["leadId", /(?:meta|facebook|\bfb).*lead.*id|leadgen.*id/i],
  ["consent", /consent|opt.?in\b|gdpr|legal.?basis/i],
];
/** How amounts are called: HubSpot's own `hs_acv`, `hs_tcv`, `hs_arr`, `hs_mrr`, and what customers make. */
const amounts = /\b(?:amount|revenue|value|price|acv|tcv|arr|mrr|ltv)\b/i;

/** The contact's properties that can tell who somebody is, and each object's numbers that can tell what a record is worth. */
export async function fields(access: Access<HubspotConfig>): Promise<readonly Field[]> {
  const client = openClient(access);
  const found = [...new Set<ObjectName>(["contact", ...access.config.objects])].map(async (object) =>
    (await propertiesOf(client, object)).flatMap((row) => fieldOf(object, row, access.config.objects) ?? []),
  );
  return (await Promise.all(found)).flat();
}

async function propertiesOf(client: Client, object: ObjectName): Promise<readonly PropertyRow[]> {
  try {
    return await client.properties(objects[object]);
  } catch (error) {
    // An account without Sales Hub has no leads, and so no properties of them.
    if (object !== "lead" || !isFailure(error, "crm_forbidden")) throw error;
    return [];
  }
}

function fieldOf(object: ObjectName, row: PropertyRow, read: readonly ObjectName[]): Field | undefined {
  const { name, label, type } = row;
  const words = `${name.replaceAll("_", " ")} ${label}`;
  const person = object === "contact" && ["string", "number", "bool", "enumeration"].includes(type);
  const worth = read.includes(object) && isAmount(row, words);
  if (!person && !worth) return undefined;
  const named = person ? suggestions.find(([, pattern]) => pattern.test(words))?.[0] : undefined;
  const suggests = named ?? (worth && (row.showCurrencySymbol || amounts.test(words)) ? "value" : undefined);
  const tells = [...(person ? (["person"] as const) : []), ...(worth ? (["worth"] as const) : [])];
  return { object, name, label, type, tells, ...(suggests && { suggests }) };
}

/** HubSpot's own numbers are mostly counts, days and ids; those that are money carry its sign, or its name. */
const isAmount = (row: PropertyRow, words: string): boolean =>
  row.type === "number" && !row.hidden && (!row.hubspotDefined || row.showCurrencySymbol || amounts.test(words));
