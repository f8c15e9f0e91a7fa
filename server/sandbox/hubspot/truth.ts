import type { Associations } from "./associations.ts";
import { typeOf } from "./objects.ts";
import { LIFECYCLE } from "./pipelines.ts";
import type { Portal } from "./portal.ts";
import { type CrmRecord, currentValue, valueAt } from "./record.ts";

/** One stage entry that happened; what the product must find out. */
export interface Entry {
  readonly object: string;
  readonly id: string;
  readonly pipeline: string;
  readonly stage: string;
  /** ISO, milliseconds. */
  readonly enteredAt: string;
  /** Of the contact itself or of the first contact of the record. */
  readonly metaLeadId: string | null;
}

/** Every stage entry of every record that ever was, oldest first; also of deleted and merged ones, and beyond truncation. */
export function truth(portal: Portal, associations: Associations): readonly Entry[] {
  const entries = portal.all().flatMap((record): Entry[] => {
    const { name, stage, pipeline } = typeOf(record.type);
    const metaLeadId = leadIdOf(portal, associations, record);
    return (record.values[stage] ?? [])
      .toReversed()
      .filter(({ value }) => value !== "")
      .map(({ value, at }) => ({
        object: name,
        id: record.id,
        stage: value,
        enteredAt: new Date(at).toISOString(),
        metaLeadId,
        pipeline: pipeline ? (valueAt(record, pipeline, at) ?? "") : LIFECYCLE,
      }));
  });
  return entries.sort((a, b) => (a.enteredAt < b.enteredAt ? -1 : a.enteredAt > b.enteredAt ? 1 : 0));
}

function leadIdOf(portal: Portal, associations: Associations, record: CrmRecord): string | null {
  const contactId = record.type === "0-1" ? record.id : associations.of(record, "0-1")[0]?.id;
  const contact = contactId === undefined ? undefined : portal.find("0-1", contactId);
  return (contact && currentValue(contact, "meta_lead_id")) || null;
}
