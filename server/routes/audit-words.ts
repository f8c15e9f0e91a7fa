import type { MatchKey } from "../../core/types.ts";
import { type AuditView, deeds } from "../api/audit.ts";
import type { Deed } from "../store/audit.ts";

type Entry = AuditView["entries"][number];

/** A deed as people read it: what it was, and how what it changed was before. */
export const inWords = ({ what, about }: Pick<Deed, "what" | "about">): Pick<Entry, "words" | "change"> => {
  const change = changeOf(what, about);
  const known = Object.hasOwn(deeds, what) ? deeds[what as keyof typeof deeds] : undefined;
  const words = special(what, about) ?? known;
  return {
    ...(words !== undefined && { words }),
    ...(change && { change }),
  };
};

/** Where one deed has several meanings. */
function special(what: string, { field, reading }: Deed["about"]): string | undefined {
  // Of addresses only how many came and went is written down.
  if (field === "alert_to") return "Who hears of problems was changed";
  if (reading === undefined) return undefined;
  return what === "connection.paused"
    ? "The reading of a whole account was stopped: its connection is paused"
    : "The reading of a whole account goes on: its connection is resumed";
}

function changeOf(what: string, about: Deed["about"]): Entry["change"] {
  if (what === "member.role") return { before: text(about.before), after: text(about.role) };
  if (what === "mapping.saved") return { before: version(about.from), after: version(about.to) };
  if (!("before" in about) || !("after" in about)) return undefined;
  const field = String(about.field ?? "");
  const told = field === "contact_data" ? keysInWords : text;
  const named = settings[field];
  return { ...(named !== undefined && { what: named }), before: told(about.before), after: told(about.after) };
}

const text = (value: Deed["about"][string] | undefined): string | null => (value == null ? null : String(value));
const version = (value: Deed["about"][string] | undefined): string | null => (value ? `Version ${value}` : null);

const settings: Readonly<Record<string, string>> = {
  name: "The workspace's name",
  country: "Country of phone numbers that name none",
  contact_data: "Contact data that may be sent",
};

/** As they are called wherever people read of them. */
const keys: Readonly<Record<MatchKey, string>> = {
  em: "email",
  ph: "phone",
  fn: "first name",
  ln: "last name",
  ct: "city",
  st: "state",
  zp: "postal code",
  country: "country",
  db: "date of birth",
  ge: "gender",
  external_id: "CRM record id",
};
const keysInWords = (list: Deed["about"][string] | undefined): string | null =>
  String(list ?? "")
    .split(" ")
    .filter((key): key is MatchKey => Object.hasOwn(keys, key))
    .map((key) => keys[key])
    .join(", ") || "only the lead id and the click id";
