import type { Instance } from "../instance.ts";
import { DAY } from "../times.ts";
import { objects } from "./objects.ts";
import type { Fields } from "./org.ts";

/** `queryAll` also reads the recycle bin and older history. */
export type Reach = "query" | "queryAll";

/** Field history is kept 18 months for `query` and 24 for `queryAll` (help, "Field History Tracking"). */
const HISTORY_DAYS: Readonly<Record<Reach, number>> = { query: 548, queryAll: 730 };

/** The rows of an object as a reader sees them now. */
export function* rowsOf(instance: Instance, object: string, reach: Reach): IterableIterator<Fields> {
  if (object === "EntityDefinition") yield* entityDefinitions();
  if (object === "FieldDefinition") yield* fieldDefinitions(instance);
  const now = instance.now();
  const oldest = now - HISTORY_DAYS[reach] * DAY;
  for (const fields of instance.org.visible(object, now)) {
    if (fields.IsDeleted && reach === "query") continue;
    if (object === "LeadHistory" && Number(fields.CreatedDate) < oldest) continue;
    yield fields;
  }
}

/** The parent record that a reference leads to. */
export function recordOf({ org, now }: Instance, object: string, id: string): Fields | undefined {
  if (object === "EntityDefinition") return entityDefinitions().find((fields) => fields.DurableId === id);
  return org.find(id, now());
}

const entityDefinitions = (): Fields[] =>
  objects.map(({ name, label }) => ({ Id: null, DurableId: name, QualifiedApiName: name, Label: label }));

function fieldDefinitions({ settings }: Instance): Fields[] {
  return objects.flatMap((object) =>
    object.fields
      .filter((field) => !settings.hidden.has(`${object.name}.${field.name}`))
      .map((field) => ({
        Id: null,
        DurableId: `${object.name}.${field.name}`,
        QualifiedApiName: field.name,
        Label: field.label,
        DataType: field.type,
        EntityDefinitionId: object.name,
        IsFieldHistoryTracked: settings.now.tracking && object.name === "Lead" && field.name === "Status",
      })),
  );
}
