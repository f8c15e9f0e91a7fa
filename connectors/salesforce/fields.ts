import type { Access, Field } from "../../core/connector.ts";
import { openClient } from "./client.ts";
import type { Config } from "./config.ts";
import { sources } from "./rows.ts";

/** Types that can hold an id, a click id or a yes. */
const useful = new Set(["string", "textarea", "url", "double", "int", "boolean", "picklist"]);
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
      if (!useful.has(type)) continue;
      const suggests = suggestions.find(([pattern]) => pattern.test(name))?.[1];
      found.push({ object: kind, name, label, type, ...(suggests ? { suggests } : {}) });
    }
  return found;
}
