import { type Lead, type MatchKey, matchKeyNames } from "../types.ts";

/** A payload as `serialise` makes it, read back. The lead id comes as text: as a JavaScript number it would be rounded. */
export function readEvent(payload: string): EventRead {
  return JSON.parse(payload.replace(/"lead_id":(\d+)/, '"lead_id":"$1"')) as EventRead;
}
export interface EventRead {
  readonly event_name: string;
  readonly event_time: number;
  readonly event_id: string;
  readonly user_data: Readonly<Partial<Record<MatchKey, readonly string[]>>> & {
    readonly lead_id?: string;
    readonly fbc?: string;
  };
  readonly custom_data: { readonly value?: number; readonly currency?: string };
}

/** The person that an event names, as far as it tells: contact data only as the hashes it holds. */
export function leadOfEvent({
  user_data: { lead_id, fbc, ...hashes },
  custom_data: { value, currency },
}: EventRead): Lead {
  const hashed = matchKeyNames.filter((key) => hashes[key]);
  return {
    ...(lead_id !== undefined && { leadId: lead_id }),
    ...(fbc !== undefined && { clickId: fbc }),
    contact: hashes,
    hashed,
    ...(value !== undefined && currency !== undefined && { value: { amount: value, currency } }),
  };
}

/** One place in which two payloads differ; absent: it is not there. */
export interface Difference {
  /** `user_data.em` */
  readonly field: string;
  readonly before?: string;
  readonly after?: string;
}

/** Where two events differ, field by field, for people to read: hashes are shortened. */
export function differences(before: string, after: string): readonly Difference[] {
  const [old, now] = [fields(readEvent(before)), fields(readEvent(after))];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((field) => old.get(field) !== now.get(field))
    .map((field) => {
      const [was, is] = [old.get(field), now.get(field)];
      return {
        field,
        ...(was !== undefined && { before: shortened(was) }),
        ...(is !== undefined && { after: shortened(is) }),
      };
    });
}

function fields(value: unknown, path = ""): ReadonlyMap<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return new Map([[path, Array.isArray(value) ? value.join(", ") : String(value)]]);
  return new Map(Object.entries(value).flatMap(([name, inner]) => [...fields(inner, path ? `${path}.${name}` : name)]));
}

const shortened = (text: string): string => text.replace(/\b([0-9a-f]{8})[0-9a-f]{56}\b/g, "$1…");
