import { hash } from "node:crypto";
import type { ConnectionId, CrmEvent, EventId, MatchKey, StageEntry, UserData } from "../types.ts";
import { limits } from "./limits.ts";

/**
 * An event's identity: the same stage entry always gives the same id, nobody without the tenant's key can guess it, and it
 * tells nothing about the person.
 */
export function eventId(eventKey: string, connectionId: ConnectionId, entry: StageEntry): EventId {
  const { record, pipelineId, stageId } = entry;
  const identity = JSON.stringify([eventKey, connectionId, record.object, record.id, pipelineId, stageId, entry.entry]);
  return hash("sha256", identity).slice(0, 32) as EventId;
}

/**
 * The event as it leaves, serialised once and for all: a lead id of 17 digits does not survive a JavaScript number, so it is
 * written as the digits it is.
 *
 * @throws TypeError when the event breaks the payload specification: a fault of ours, never of the input
 */
export function serialise(event: CrmEvent): string {
  const broken = breach(event);
  if (broken) throw new TypeError(`event breaks the payload specification: ${broken}`);
  return (
    `{"event_name":${JSON.stringify(event.event_name)},"event_time":${event.event_time}` +
    `,"event_id":"${event.event_id}","action_source":"system_generated"` +
    `,"user_data":${userData(event.user_data)},"custom_data":${JSON.stringify(event.custom_data)}}`
  );
}

function userData(data: UserData): string {
  const parts = data.lead_id === undefined ? [] : [`"lead_id":${data.lead_id}`];
  if (data.fbc !== undefined) parts.push(`"fbc":${JSON.stringify(data.fbc)}`);
  for (const key of hashedKeys) {
    const hashes = data[key];
    if (hashes) parts.push(`"${key}":["${hashes.join('","')}"]`);
  }
  return `{${parts.join(",")}}`;
}

/** The same event without its lead id, for when Meta says that it does not know it; undefined when nobody else is named. */
export function withoutLeadId(payload: string): string | undefined {
  const rest = payload.replace(/"user_data":\{"lead_id":\d+,?/, '"user_data":{');
  return rest !== payload && /"user_data":\{[^}]*"(em|ph|fbc)":/.test(rest) ? rest : undefined;
}

/** The rule of the payload specification that an event breaks, if any. */
export function breach({ event_name, event_time, event_id, user_data, custom_data }: CrmEvent): string | undefined {
  if (event_name === "" || event_name.length > 2 * limits.eventName) return "event_name";
  if (!Number.isSafeInteger(event_time) || event_time * 1000 < limits.earliest) return "event_time";
  if (!/^[0-9a-f]{32}$/.test(event_id)) return "event_id";
  if (user_data.lead_id !== undefined && !/^[1-9]\d{14,16}$/.test(user_data.lead_id)) return "user_data.lead_id";
  if (user_data.fbc !== undefined && !/^fb\.\d+\.\d{10,}\.[\w.-]+$/.test(user_data.fbc)) return "user_data.fbc";
  for (const key of hashedKeys)
    for (const value of user_data[key] ?? none) if (!/^[0-9a-f]{64}$/.test(value)) return `user_data.${key}`;
  if (!isMatchable(user_data)) return "user_data";
  if (custom_data.lead_event_source === "") return "custom_data.lead_event_source";
  if (custom_data.value !== undefined && !(Number.isFinite(custom_data.value) && custom_data.currency))
    return "custom_data.value";
  return undefined;
}

/** Whether the event names somebody: one of the keys that suffice by themselves (Meta, "Best practices": 2804050). */
export const isMatchable = (data: UserData): boolean =>
  data.lead_id !== undefined || data.fbc !== undefined || (data.em?.length ?? 0) > 0 || (data.ph?.length ?? 0) > 0;

const none: readonly string[] = [];
const hashedKeys = [
  "em",
  "ph",
  "fn",
  "ln",
  "ct",
  "st",
  "zp",
  "country",
  "db",
  "ge",
  "external_id",
] as const satisfies readonly MatchKey[];
