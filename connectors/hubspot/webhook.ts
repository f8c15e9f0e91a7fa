import { z } from "zod";
import { type RawRequest, type Ring, recordKey } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import { quoteIds } from "./ids.ts";
import { type ObjectName, objectNames, objects } from "./objects.ts";
import { checkSignature } from "./signature.ts";

/** Verifies HubSpot's v3 signature over the raw bytes and gives one ring for each record that is named. */
export function verify(raw: RawRequest, secrets: readonly string[]): readonly Ring[] {
  checkSignature(raw, secrets);
  const rings = new Map<string, Ring>();
  for (const { portalId, record, erase } of events(raw.body))
    rings.set(`${portalId}/${recordKey(record)}/${erase}`, {
      accountId: portalId,
      record,
      ...(erase && { erase: true as const }),
    });
  return [...rings.values()];
}

const id = z.string().regex(/^\d+$/);
const event = z.object({
  portalId: id,
  subscriptionType: z.string().optional(),
  /** The name in HubSpot's table of fields; live notifications say `subscriptionType`. */
  eventType: z.string().optional(),
  objectTypeId: z.string().optional(),
  fromObjectTypeId: z.string().optional(),
  propertyName: z.string().optional(),
  objectId: id.optional(),
  fromObjectId: id.optional(),
  primaryObjectId: id.optional(),
  newObjectId: id.optional(),
  mergedObjectIds: z.array(z.union([id, z.number().int().positive()])).optional(),
});
type Event = z.infer<typeof event>;

/** The records that a delivery of up to 100 notifications is about. One we cannot read does not cost us the others. */
function* events(
  body: Uint8Array,
): Generator<{ portalId: string; record: { object: string; id: string }; erase: boolean }> {
  let list: unknown;
  try {
    list = JSON.parse(quoteIds(Buffer.from(body).toString("utf8")));
  } catch (cause) {
    throw new Failure("input_invalid", "signed, but not JSON", { cause });
  }
  if (!Array.isArray(list)) throw new Failure("input_invalid", "signed, but no list of notifications");
  for (const item of list) {
    const { data } = event.safeParse(item);
    if (!data) continue;
    const object = objectOf(data);
    if (object === undefined || !matters(data, object)) continue;
    // Somebody deleted the contact for good, as the GDPR gives people a right to; a plain deletion is told of separately.
    const erase = typeOf(data).endsWith(".privacyDeletion");
    for (const recordId of idsOf(data)) yield { portalId: data.portalId, record: { object, id: recordId }, erase };
  }
}

const typeOf = ({ subscriptionType, eventType }: Event): string => subscriptionType ?? eventType ?? "";

/** Generic notifications (`object.creation`) name the type's id, classic ones (`deal.creation`) its name. */
function objectOf(data: Event): ObjectName | undefined {
  const typeId = data.objectTypeId ?? data.fromObjectTypeId;
  const [family] = typeOf(data).split(".");
  return objectNames.find((name) => (family === "object" ? objects[name].typeId === typeId : name === family));
}

/** Changes of other properties are no stage changes. Unknown types are none of ours. */
function matters(data: Event, object: ObjectName): boolean {
  const what = typeOf(data).split(".")[1] ?? "";
  if (what === "propertyChange") return [objects[object].stage, objects[object].pipeline].includes(data.propertyName);
  return ["creation", "deletion", "merge", "restore", "associationChange", "privacyDeletion"].includes(what);
}

function idsOf(data: Event): string[] {
  const { objectId, fromObjectId, primaryObjectId, newObjectId, mergedObjectIds = [] } = data;
  const subject = typeOf(data).endsWith(".associationChange") ? (fromObjectId ?? objectId) : objectId;
  const all = [subject, primaryObjectId, newObjectId, ...mergedObjectIds.map(String)];
  return [...new Set(all.filter((candidate) => candidate !== undefined))];
}
