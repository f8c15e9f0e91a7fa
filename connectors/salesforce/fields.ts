import type { Access, Field } from "../../core/connector.ts";
import { openClient } from "./client.ts";
import type { Config } from "./config.ts";
import { sources } from "./rows.ts";

/** Types that can hold an id, a click id or a yes. */
const ofPerson = new Set(["string", "textarea", "url", "double", "int", "boolean", "picklist"]);
const suggestions: readonly (readonly [RegExp, NonNullable<Field["suggests"]>])[] = [
  [/(facebook|fb|meta|leadgen).*lead.*id|leadgen_?id/i, "leadId"],
  [/fbc(lid)?(_|\b)|(facebook|fb|meta).*click.*id/i, "clickId"],
  [/consent|opt.?in|gdpr/i, "consent"],
];

export async function fields(access: Access<Config>): Promise<readonly Field[]> {
  const client = openClient(access);
  const found: Field[] = [];
  for (const kind of access.config.objects)
    for (const { name, label, type } of (await client.describe(sources[kind].sobject)).fields) {
      const tells = [
        ...(ofPerson.has(type) ? (["person"] as const) : []),
        ...(isAmount(name, type) ? (["worth"] as const) : []),
      ];
      if (tells.length === 0) continue;
      const named = suggestions.find(([pattern]) => pattern.test(name))?.[1];
      const suggests = named ?? (type === "currency" ? "value" : undefined);
      found.push({ object: kind, name, label, type, tells, ...(suggests && { suggests }) });
    }
  return found;
}

/** Salesforce's own plain numbers are counts, days and places on a map; what customers make may be money. */
const isAmount = (name: string, type: string): boolean =>
  type === "currency" || (["double", "int"].includes(type) && name.endsWith("__c"));
