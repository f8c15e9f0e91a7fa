import { isIP } from "node:net";
import { graphError } from "./errors.ts";

type UserData = Readonly<Record<string, unknown>>;

/** https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/customer-information-parameters */
const HASHED = ["em", "ph", "fn", "ln", "db", "ge", "ct", "st", "zp", "country"] as const;
const PLAIN = [
  "client_ip_address",
  "client_user_agent",
  "fbc",
  "fbp",
  "subscription_id",
  "fb_login_id",
  "anon_id",
  "madid",
  "page_id",
  "page_scoped_user_id",
  "ctwa_clid",
  "ig_account_id",
  "ig_sid",
] as const;
const KEYS: ReadonlySet<string> = new Set([...HASHED, ...PLAIN, "external_id", "lead_id"]);

/** Sets of keys that match too many people; so does any part of one. Best practices of the Conversions API. */
const TOO_BROAD = [
  ["ct", "country", "st", "zp", "ge", "client_user_agent"],
  ["db", "client_user_agent"],
  ["fn", "ge"],
  ["ln", "ge"],
];

/** 64 lower-case hexadecimal digits, perhaps with the mark of Meta's parameter builder (2 or 8 characters). */
const HASH = /^[0-9a-f]{64}(\.([A-Za-z0-9_-]{2}|[A-Za-z0-9_-]{8}))?$/;

/** Throws Meta's refusal; `at` is the path of `user_data`. */
export function checkPerson(user: UserData, at: string, forgotten: ReadonlySet<string>): void {
  checkLeadId(user, at, forgotten);
  for (const key of HASHED) checkHashed(user, key, at);
  checkExternalId(user, at);
  for (const key of PLAIN) checkPlain(user, key, at);
  checkAddress(user, at);
  checkEnough(user, at);
}

/** A digit string here, however it was sent. */
function checkLeadId(user: UserData, at: string, forgotten: ReadonlySet<string>): void {
  const id = user.lead_id;
  if (id === undefined || id === null) return;
  if (typeof id !== "string" || !/^\d{15,17}$/.test(id) || forgotten.has(id))
    throw graphError("leadId", undefined, `${at}[lead_id]`);
}

function checkHashed(user: UserData, key: string, at: string): void {
  for (const value of values(user[key]))
    if (typeof value !== "string" || !HASH.test(value))
      throw graphError("parameter", `(#100) ${at}[${key}] must be SHA-256 in lower-case hexadecimal`, `${at}[${key}]`);
}

/** Hashing is recommended, not demanded. */
function checkExternalId(user: UserData, at: string): void {
  for (const value of values(user.external_id))
    if (typeof value !== "string" || value.trim() === "")
      throw graphError("parameter", `(#100) ${at}[external_id] must be a string`, `${at}[external_id]`);
}

/** A malformed click id is taken (and warned about in Events Manager); a hash in its place can match nobody. */
function checkPlain(user: UserData, key: string, at: string): void {
  const value = user[key];
  if (value === undefined || value === null) return;
  const fit = typeof value === "string" || (key === "fb_login_id" && Number.isInteger(value));
  if (!fit || /^[0-9a-f]{64}$/i.test(String(value)))
    throw graphError("parameter", `(#100) ${at}[${key}] must be a single value that is not hashed`, `${at}[${key}]`);
}

function checkAddress(user: UserData, at: string): void {
  const address = user.client_ip_address;
  if (typeof address === "string" && isIP(address) === 0)
    throw graphError("parameter", `(#100) ${at}[client_ip_address] must be IPv4 or IPv6`, `${at}[client_ip_address]`);
}

function checkEnough(user: UserData, at: string): void {
  const present = Object.keys(user).filter((key) => KEYS.has(key) && values(user[key]).some((value) => value !== ""));
  if (TOO_BROAD.some((set) => present.every((key) => set.includes(key)))) throw graphError("tooBroad", undefined, at);
}

/** One value or a list of them; null and the empty list count as absent. */
function values(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
