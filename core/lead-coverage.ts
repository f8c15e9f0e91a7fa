import { isMatchable } from "./meta/event.ts";
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
  /** Those whose record has a value. */
  readonly value: number;
}

/** Counts by the very rules by which events are made. */
export function coverageOf(
  leads: readonly Lead[],
  tenant: Pick<Tenant, "eventKey" | "defaultCountry" | "allowedKeys">,
  now: Date,
): LeadCoverage {
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
    value: leads.filter(({ value }) => value !== undefined).length,
  };
}

/** `click_id:too_old` is about `fbc`. */
const keyOf = (dropped: string): string => {
  const key = dropped.slice(0, dropped.indexOf(":"));
  return key === "click_id" ? "fbc" : key;
};
