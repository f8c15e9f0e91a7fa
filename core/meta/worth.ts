import type { Lead } from "../types.ts";
import { currencies } from "./currencies.ts";

/** Why what the CRM says of a record's value is not sent. */
export type WorthProblem = "not_a_number" | "negative" | "too_large" | "no_currency" | "not_a_currency";
export interface Worth {
  readonly amount: number;
  readonly currency: string;
}

/** No deal of a lead is worth more, in any currency; what is, is another number in the field. */
export const mostWorth = 1e12;

/**
 * What a record is worth, as Meta takes it: 0 or more, in a currency of ISO 4217 (Meta, "Custom data parameters"). An amount
 * has six decimals at most: what a CRM calculates comes with the tail of its binary fraction (`370.00000000000006`).
 */
export function worth(
  value: Lead["value"],
): { readonly worth: Worth } | { readonly dropped: `value:${WorthProblem}` } | undefined {
  if (!value) return undefined;
  const { amount, currency } = value;
  if (!Number.isFinite(amount)) return { dropped: "value:not_a_number" };
  if (amount < 0) return { dropped: "value:negative" };
  if (amount > mostWorth) return { dropped: "value:too_large" };
  if (currency === undefined) return { dropped: "value:no_currency" };
  if (!currencies.has(currency)) return { dropped: "value:not_a_currency" };
  return { worth: { amount: Number(amount.toFixed(6)), currency } };
}
