import { hash } from "node:crypto";
import {
  type ConnectionId,
  type CrmEvent,
  type EventId,
  matchKeyNames,
  type StageEntry,
  type UserData,
} from "../types.ts";
import { limits } from "./limits.ts";

/**
 * An event's identity: the same stage entry always gives the same id, nobody without the tenant's key can guess it, and it
 * tells nothing about the person.
 */
export function eventId(eventKey: string, connectionId: ConnectionId, entry: StageEntry): EventId {
  const { record, pipelineId, stageId } = entry;
  // NUL parts them without doubt: no id that the store can hold has one.
  const identity = `${eventKey}\0${connectionId}\0${record.object}\0${record.id}\0${pipelineId}\0${stageId}\0${entry.entry}`;
  return hash("sha256", identity).slice(0, 32) as EventId;
}

/**
 * The event as it leaves, serialised once and for all: a lead id of 17 digits does not survive a JavaScript number, so it is
 * written as the digits it is.
 * Undefined for an event that breaks the payload specification (see `breach`).
 */
export function serialise(event: CrmEvent): string | undefined {
  if (breach(event)) return undefined;
  const { value, currency, lead_event_source } = event.custom_data;
  const worth = value === undefined ? "" : `,"value":${value},"currency":${JSON.stringify(currency)}`;
  return (
    `{"event_name":${quoted(event.event_name)},"event_time":${event.event_time}` +
    `,"event_id":"${event.event_id}","action_source":"system_generated","user_data":{${userData(event.user_data)}}` +
    `,"custom_data":{"event_source":"crm","lead_event_source":${quoted(lead_event_source)}${worth}}}`
  );
}

/** Names repeat from event to event: their JSON is remembered, a few hundred at most. */
function quoted(name: string): string {
  const known = quotedNames.get(name);
  if (known !== undefined) return known;
  if (quotedNames.size >= 500) quotedNames.clear();
  const json = JSON.stringify(name);
  quotedNames.set(name, json);
  return json;
}
const quotedNames = new Map<string, string>();

function userData(data: UserData): string {
  let parts = data.lead_id === undefined ? "" : `,"lead_id":${data.lead_id}`;
  if (data.fbc !== undefined) parts += `,"fbc":${JSON.stringify(data.fbc)}`;
  for (const key of matchKeyNames) {
    const hashes = data[key];
    if (hashes) parts += `,"${key}":["${hashes.length === 1 ? hashes[0] : hashes.join('","')}"]`;
  }
  return parts.slice(1);
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
  if (!isHex(event_id, 32)) return "event_id";
  if (user_data.lead_id !== undefined && !leadIdForm.test(user_data.lead_id)) return "user_data.lead_id";
  if (user_data.fbc !== undefined && !clickIdForm.test(user_data.fbc)) return "user_data.fbc";
  for (const key of matchKeyNames) {
    const hashes = user_data[key];
    if (hashes) for (const value of hashes) if (!isHex(value, 64)) return `user_data.${key}`;
  }
  if (!isMatchable(user_data)) return "user_data";
  if (custom_data.lead_event_source === "") return "custom_data.lead_event_source";
  const { value, currency } = custom_data;
  return value !== undefined && !(Number.isFinite(value) && currency) ? "custom_data.value" : undefined;
}

/**
 * Of the right length, with hexadecimal ends. All of it was made by the hash function or checked where it came from
 * (match-keys.ts); looking at every digit again here took a fifth of the time of making an event.
 */
const isHex = (text: string, length: number): boolean =>
  text.length === length && isHexDigit(text.charCodeAt(0)) && isHexDigit(text.charCodeAt(length - 1));
const isHexDigit = (code: number): boolean => (code >= 48 && code <= 57) || (code >= 97 && code <= 102);

const leadIdForm = /^[1-9]\d{14,16}$/;
const clickIdForm = /^fb\.\d+\.\d{10,}\.[\w.-]+$/;

/** Whether the event names somebody: one of the keys that suffice by themselves (Meta, "Best practices": 2804050). */
export const isMatchable = (data: UserData): boolean =>
  data.lead_id !== undefined || data.fbc !== undefined || (data.em?.length ?? 0) > 0 || (data.ph?.length ?? 0) > 0;
