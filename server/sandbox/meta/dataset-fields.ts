import type { Dataset } from "./accounts.ts";
import type { Business } from "./businesses.ts";
import { graphError } from "./errors.ts";

export function datasetFields(
  dataset: Dataset,
  lastFiredAt: string | undefined,
  { id, name }: Business,
): Record<string, unknown> {
  return {
    id: dataset.id,
    name: dataset.name,
    is_crm: dataset.isCrm,
    is_unavailable: false,
    owner_business: { id, name },
    last_fired_time: lastFiredAt?.replace(/\.\d+Z$/, "+0000"),
  };
}

/** The fields asked for; `id` always, and a field without a value is left out. */
export function pick(node: Record<string, unknown>, fields: unknown): unknown {
  const wanted = String(fields ?? "id").split(",");
  for (const field of wanted)
    if (!Object.hasOwn(node, field))
      throw graphError("field", `(#100) Tried accessing a field that does not exist: ${field}`);
  return Object.fromEntries(["id", ...wanted].map((field) => [field, node[field]]));
}
