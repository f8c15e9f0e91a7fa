import { checkPerson } from "./check-person.ts";
import { graphError } from "./errors.ts";

type Fields = Readonly<Record<string, unknown>>;
export interface World {
  readonly now: Date;
  readonly forgotten: ReadonlySet<string>;
  readonly refused: readonly string[];
}
/** Throws Meta's refusal. `at` is the event's path in the request: `data[3]`. */
type Rule = (event: Fields, at: string, world: World) => void;

/** https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/server-event */
const ACTION_SOURCES = [
  "email",
  "website",
  "app",
  "phone_call",
  "chat",
  "physical_store",
  "system_generated",
  "business_messaging",
  "other",
];
const DAY_S = 86_400;
/** How far a sender's clock may be ahead; Meta publishes no figure. */
const AHEAD_S = 60;
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

const rules: readonly Rule[] = [
  name,
  time,
  source,
  person,
  website,
  value,
  currency,
  eventId,
  optOut,
  dataProcessing,
  refused,
];

export function checkEvent(event: unknown, index: number, world: World): Fields {
  const at = `data[${index}]`;
  if (!isFields(event)) throw graphError("parameter", `(#100) ${at} must be an object`, at);
  for (const rule of rules) rule(event, at, world);
  return event;
}

/**
 * Why an event is shown but not registered as a Conversion Leads event: both literals are needed, and the stage must come
 * from a system, not from a browser. Conversion Leads integration, step 3.
 */
export function whyNotCounted(event: Fields): string | null {
  const custom = isFields(event.custom_data) ? event.custom_data : {};
  if (event.action_source !== "system_generated") return "action_source";
  if (custom.event_source !== "crm") return "event_source";
  const crm = custom.lead_event_source;
  return typeof crm === "string" && crm.trim() !== "" ? null : "lead_event_source";
}

function name(event: Fields, at: string): void {
  if (typeof event.event_name !== "string" || event.event_name.trim() === "")
    throw bad(at, "event_name", "is required");
}

function time(event: Fields, at: string, { now }: World): void {
  const seconds = event.event_time;
  if (typeof seconds !== "number" || !Number.isInteger(seconds) || seconds <= 0)
    throw bad(at, "event_time", "must be Unix time in whole seconds");
  const nowS = now.getTime() / 1000;
  if (seconds > nowS + AHEAD_S) throw bad(at, "event_time", "is in the future");
  const days = event.action_source === "physical_store" ? 62 : 7;
  if (seconds < nowS - days * DAY_S) throw graphError("tooOld", undefined, `${at}[event_time]`);
}

function source(event: Fields, at: string): void {
  if (!ACTION_SOURCES.includes(String(event.action_source)))
    throw bad(at, "action_source", `must be one of ${ACTION_SOURCES.join(", ")}`);
}

function person(event: Fields, at: string, { forgotten }: World): void {
  const user = event.user_data;
  if (!isFields(user)) throw bad(at, "user_data", "is required");
  checkPerson(user, `${at}[user_data]`, forgotten);
}

function website(event: Fields, at: string): void {
  if (event.action_source !== "website") return;
  if (typeof event.event_source_url !== "string") throw bad(at, "event_source_url", "is required for website events");
  const user = event.user_data;
  if (isFields(user) && typeof user.client_user_agent !== "string")
    throw bad(at, "user_data][client_user_agent", "is required for website events");
}

function value(event: Fields, at: string): void {
  const custom = customData(event, at);
  const amount = custom.value;
  if (amount === undefined || amount === null) return;
  if (typeof amount !== "number" || !Number.isFinite(amount) || amount < 0)
    throw bad(at, "custom_data][value", "must be a finite number, not below zero");
  if (custom.currency === undefined || custom.currency === null)
    throw bad(at, "custom_data][currency", "is required with a value");
}

function currency(event: Fields, at: string): void {
  const code = customData(event, at).currency;
  if (code === undefined || code === null) return;
  if (typeof code !== "string" || !CURRENCIES.has(code.toUpperCase()))
    throw bad(at, "custom_data][currency", "must be an ISO 4217 code");
}

function eventId(event: Fields, at: string): void {
  const id = event.event_id;
  if (id !== undefined && id !== null && (typeof id !== "string" || id === ""))
    throw bad(at, "event_id", "must be a string");
}

function optOut(event: Fields, at: string): void {
  const choice = event.opt_out;
  if (choice !== undefined && choice !== null && typeof choice !== "boolean")
    throw bad(at, "opt_out", "must be a boolean");
}

/** https://developers.facebook.com/docs/marketing-apis/data-processing-options: nothing, or limited use with country and state. */
function dataProcessing(event: Fields, at: string): void {
  const options = event.data_processing_options;
  if (options === undefined || options === null) return;
  if (!Array.isArray(options) || options.some((option) => option !== "LDU"))
    throw bad(at, "data_processing_options", 'must be [] or ["LDU"]');
  if (options.length === 0) return;
  if (event.data_processing_options_country !== 0 && event.data_processing_options_country !== 1)
    throw bad(at, "data_processing_options_country", "must be 0 or 1");
  if (event.data_processing_options_state !== 0 && event.data_processing_options_state !== 1000)
    throw bad(at, "data_processing_options_state", "must be 0 or 1000");
}

/** Not Meta's: what the back door was asked to refuse. */
function refused(event: Fields, at: string, world: World): void {
  for (const path of world.refused) {
    let found: unknown = event;
    for (const part of path.split(".")) found = isFields(found) ? found[part] : undefined;
    if (found !== undefined && found !== null) throw bad(at, path.replaceAll(".", "]["), "is not accepted");
  }
}

function customData(event: Fields, at: string): Fields {
  const custom = event.custom_data ?? {};
  if (!isFields(custom)) throw bad(at, "custom_data", "must be an object");
  return custom;
}

const bad = (at: string, field: string, why: string): Error =>
  graphError("parameter", `(#100) ${at}[${field}] ${why}`, `${at}[${field}]`);

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
