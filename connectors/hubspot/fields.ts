import type { Access, Field } from "../../core/connector.ts";
import { openClient } from "./client.ts";
import type { HubspotConfig } from "./config.ts";
import { objects } from "./objects.ts";

/** HubSpot has no property of its own for Meta's lead id; these are the names that tools and people give it. */
const suggestions: readonly (readonly [NonNullable<Field["suggests"]>, RegExp])[] = [
  ["clickId", /\bfbclid\b|\bfbc\b|(?:facebook|meta|fb).*click.*id/i],
  ["leadId", /(?:meta|facebook|\bfb).*lead.*id|leadgen.*id/i],
  ["consent", /consent|opt.?in\b|gdpr|legal.?basis/i],
];

/** The contact's properties that can hold a lead id, a click id or consent. */
export async function fields(access: Access<HubspotConfig>): Promise<readonly Field[]> {
  const rows = await openClient(access).properties(objects.contact);
  return rows
    .filter(({ type }) => ["string", "number", "bool", "enumeration"].includes(type))
    .map(({ name, label, type }) => {
      const words = `${name.replaceAll("_", " ")} ${label}`;
      const suggests = suggestions.find(([, pattern]) => pattern.test(words))?.[0];
      return { object: "contact", name, label, type, ...(suggests ? { suggests } : {}) };
    });
}
