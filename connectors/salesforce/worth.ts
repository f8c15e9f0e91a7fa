import type { FieldSource, Sourced } from "../../core/connector.ts";
import type { Lead } from "../../core/types.ts";
import { type Config, type Kind, kinds } from "./config.ts";
import { type PersonRow, textOf } from "./person.ts";

/** On every record, in orgs with several currencies only. */
const ownCurrency = "CurrencyIsoCode";

/** What has to be read of such a record to know its worth. Either is left out where it is hidden, or not there. */
export function worthFields({ fields, currency }: Config, kind: Kind): readonly string[] {
  const field = fields.value[kind];
  if (field === undefined) return [];
  return currency === undefined ? [field, ownCurrency] : [field];
}

export function worthIn(row: PersonRow, { fields, currency: fixed }: Config, kind: Kind): Pick<Lead, "value"> {
  const field = fields.value[kind];
  const text = field === undefined ? undefined : textOf(row, field);
  if (text === undefined) return {};
  const currency = fixed ?? textOf(row, ownCurrency);
  return { value: { amount: Number(text), ...(currency && { currency }) } };
}

export function worthSources(
  { fields, currency: fixed }: Config,
  object: string,
): Readonly<Partial<Record<Sourced, FieldSource>>> {
  const kind = kinds.find((one) => one === object);
  const field = kind && fields.value[kind];
  if (field === undefined) return {};
  const value = { of: object, names: [field] };
  return fixed === undefined ? { value, currency: { of: object, names: [ownCurrency] } } : { value };
}
