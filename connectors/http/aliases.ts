import type { FieldError } from "./sound.ts";

/** `field: other names`. Meta's own names of match keys, of event uploads and of lead exports are understood. */
const topNames = `
id: event_id
record_id: record
object: object_type
pipeline: pipeline_id
stage: stage_id event_name lead_status
occurred_at: entered_at event_time
lead_created_at: created_at created_time
lead_id: meta_lead_id leadgen_id facebook_lead_id fb_lead_id
click_id: fbc fbclid
consent:
value:
currency:`;
const contactNames = `
email: em email_address
phone: ph phone_number
first_name: fn
last_name: ln
city: ct
state: st province
zip: zp zip_code post_code postal_code
country: country_code
birth_date: db dob date_of_birth birthday
gender: ge gen
external_id: person_id`;

const table = (text: string, prefix: string): readonly (readonly [string, string])[] =>
  text
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [field = "", others = ""] = line.split(":");
      return [field, ...others.trim().split(/\s+/)].filter(Boolean).map((name) => [name, prefix + field] as const);
    });
const contactFieldsByName = new Map(table(contactNames, "contact."));
const fieldsByName = new Map([...table(topNames, ""), ...contactFieldsByName]);

/** The field that a name stands for: `occurred_at`, `contact.email`; case, blanks and dashes do not matter. */
export const fieldOf = (name: string): string | undefined => fieldsByName.get(nameKey(name));

const nameKey = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");

const blank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" && value.trim() === "");

/** Brings a push to its one shape: aliases resolved, flat contact fields under `contact`, blank fields left out. */
export function canonical(raw: Readonly<Record<string, unknown>>): {
  readonly fields: Readonly<Record<string, unknown>>;
  /** The name each field was sent under. */
  readonly sentAs: ReadonlyMap<string, string>;
  readonly ignored: readonly string[];
  /** The same field under two names. */
  readonly clashes: readonly FieldError[];
} {
  const flat = new Map<string, unknown>();
  const sentAs = new Map<string, string>();
  const ignored: string[] = [];
  const clashes: FieldError[] = [];
  const take = (field: string | undefined, path: string, value: unknown) => {
    if (field === undefined) ignored.push(path);
    else if (blank(value)) return;
    else if (flat.has(field) && flat.get(field) !== value)
      clashes.push({ path, code: "twice", message: `Also sent as ${sentAs.get(field)}; send it once.` });
    else {
      flat.set(field, value);
      sentAs.set(field, path);
    }
  };
  for (const [name, value] of Object.entries(raw)) {
    if (nameKey(name) !== "contact" || !isObject(value))
      take(nameKey(name) === "contact" ? "contact" : fieldOf(name), name, value);
    else for (const [inner, one] of Object.entries(value)) take(innerField(inner), `${name}.${inner}`, one);
  }
  const fields: Record<string, unknown> = {};
  const contact: Record<string, unknown> = {};
  for (const [field, value] of flat) {
    if (field.startsWith("contact.")) contact[field.slice("contact.".length)] = value;
    else fields[field] = value;
  }
  return { fields: { contact, ...fields }, sentAs, ignored, clashes };
}

/** Click ids are at home in both places. */
const innerField = (name: string): string | undefined =>
  contactFieldsByName.get(nameKey(name)) ?? (fieldOf(name) === "click_id" ? "click_id" : undefined);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
