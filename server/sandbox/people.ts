import { createHash } from "node:crypto";

/** A made-up person who filled in a lead form. The same number always gives the same person. */
export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
  readonly company: string;
  readonly city: string;
  readonly state: string;
  readonly zip: string;
  readonly country: string;
  /** Meta's lead id: 15 to 17 digits; empty for people who did not come from a lead ad. */
  readonly metaLeadId: string;
  /** Raw `fbclid`; empty for most. */
  readonly fbclid: string;
}

const FIRST =
  "Ana José Zoë Łukasz Σοφία Иван محمد 光 O'Neil Anne-Marie Nguyễn Şule Mary Björn Chloé Priya Kwame Mateo Ingrid Tomáš".split(
    " ",
  );
const LAST =
  "García Müller Smith O’Connor Ivanova 山田 Haddad Nuñez-Pérez D'Angelo Kowalska Ng Okafor Lindqvist Rossi Dubois Novák Patel Silva".split(
    " ",
  );
const COMPANY = "Northwind Brightside Halden Mirador Kestrel Lumen Oakfield Sable Tern Vantage Willow Zephyr".split(
  " ",
);
const KIND = "Dental,Solar,Roofing,Fitness,Logistics,Interiors,Legal,Travel".split(",");
const PLACES = [
  ["Boston", "MA", "02118-1234", "US", "+1 (617) 555-"],
  ["Austin", "Texas", "73301", "United States", "+1 512 555 "],
  ["São Paulo", "SP", "01310-100", "BR", "+55 11 95555-"],
  ["Zürich", "ZH", "8001", "CH", "+41 44 668 "],
  ["London", "", "SW1A 1AA", "GB", "+44 20 7946 "],
  ["München", "Bayern", "80331", "DE", "+49 89 5550 "],
  ["Montréal", "Quebec", "H2Y 1C6", "Canada", "+1 514 555 "],
  ["東京", "", "100-0001", "JP", "+81 3 5550 "],
] as const;

/** 5 % have no lead id, 10 % bring a click id, 4 % no phone. */
export function person(world: string, n: number): Person {
  const dice = (what: string): number =>
    createHash("sha256").update(`${world}:${n}:${what}`).digest().readUInt32BE(0) / 2 ** 32;
  const pick = <T>(what: string, list: readonly T[]): T => list[Math.floor(dice(what) * list.length)] as T;
  const [city, state, zip, country, prefix] = pick("place", PLACES);
  const digits = createHash("sha256").update(`${world}:${n}:lead`).digest().readBigUInt64BE(0);
  const length = pick("length", [15, 15, 16, 16, 17]);
  const metaLeadId = String(10n ** BigInt(length - 1) + (digits % (9n * 10n ** BigInt(length - 1))));
  return {
    firstName: pick("first", FIRST),
    lastName: pick("last", LAST),
    email: `lead.${n}.${Math.floor(dice("mail") * 1e6)}@${pick("domain", ["example.com", "Example.ORG", "example.net"])}`,
    phone: dice("phone?") < 0.04 ? "" : `${prefix}${1000 + Math.floor(dice("phone") * 8999)}`,
    company: `${pick("company", COMPANY)} ${pick("kind", KIND)}`,
    city,
    state,
    zip,
    country,
    metaLeadId: dice("lead?") < 0.05 ? "" : metaLeadId,
    fbclid: dice("click?") < 0.1 ? `IwAR${createHash("sha256").update(`${world}:${n}:click`).digest("base64url")}` : "",
  };
}
