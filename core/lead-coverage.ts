import { isMatchable } from "./meta/event.ts";
import { worth } from "./meta/worth.ts";
import { personOf } from "./translate.ts";
import { type Lead, matchKeyNames, type Tenant } from "./types.ts";

export const coverageKeys = ["lead_id", "fbc", ...matchKeyNames] as const;

/** What Meta would get of some people, counted. */
export interface LeadCoverage {
  readonly people: number;
  readonly keys: readonly {
    readonly key: (typeof coverageKeys)[number];
    /** People of whom Meta would get it. */
    readonly have: number;
    /** People of whom the CRM holds one that cannot be sent. */
    readonly unusable: number;
    readonly allowed: boolean;
  }[];
  /** People whom Meta could recognise at all. */
  readonly matchable: number;
  readonly consent: { readonly yes: number; readonly no: number };
  /** Of each kind of record that has a field for its value: how many carry one. */
  readonly worth: readonly WorthCoverage[];
}
export interface WorthCoverage {
  /** The kind of record: `deal`. */
  readonly object: string;
  readonly of: number;
  /** Those whose value Meta would get. */
  readonly have: number;
  /** Those with a value that nobody says the currency of. */
  readonly noCurrency: number;
  /** Those whose field holds what cannot be sent: less than 0, or no number. */
  readonly unusable: number;
}

/**
 * Counts by the very rules by which events are made.
 *
 * @param found the people behind some records, by `recordKey`
 * @param valued the kinds of record that have a field for their value
 */
export function coverageOf(
  found: ReadonlyMap<string, Lead>,
  valued: readonly string[],
  tenant: Pick<Tenant, "eventKey" | "defaultCountry" | "allowedKeys">,
  now: Date,
): LeadCoverage {
  const leads = [...found.values()];
  const people = leads.map((lead) => personOf(lead, { tenant }, now));
  const unusable = people.map(({ dropped }) => new Set(dropped.filter((what) => !what.endsWith(":blank")).map(keyOf)));
  return {
    people: people.length,
    keys: coverageKeys.map((key) => ({
      key,
      have: people.filter(({ data }) => key in data).length,
      unusable: people.filter(({ data }, n) => !(key in data) && unusable[n]?.has(key)).length,
      allowed: key === "lead_id" || key === "fbc" || tenant.allowedKeys.includes(key),
    })),
    matchable: people.filter(({ data }) => isMatchable(data)).length,
    consent: {
      yes: leads.filter(({ consent }) => consent === true).length,
      no: leads.filter(({ consent }) => consent === false).length,
    },
    worth: valued.flatMap((object) => {
      const of = [...found].flatMap(([key, lead]) => (key.startsWith(`${object}:`) ? [worth(lead.value)] : []));
      const dropped = of.flatMap((one) => (one && "dropped" in one ? [one.dropped] : []));
      const noCurrency = dropped.filter((why) => why === "value:no_currency").length;
      const have = of.filter((one) => one && "worth" in one).length;
      return of.length > 0 ? [{ object, of: of.length, have, noCurrency, unusable: dropped.length - noCurrency }] : [];
    }),
  };
}

/** `click_id:too_old` is about `fbc`. */
const keyOf = (dropped: string): string => {
  const key = dropped.slice(0, dropped.indexOf(":"));
  return key === "click_id" ? "fbc" : key;
};
