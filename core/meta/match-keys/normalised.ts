/** What hashing is applied to: the documented form first, then other forms of the same value; or why there is none. */
export type Normalised = { readonly values: readonly string[] } | { readonly dropped: string };

/** What the rules of one value may know of the rest of the record. Countries are ISO 3166-1 alpha-2 in any case. */
export interface NormaliseContext {
  /** The record's own country. */
  readonly country?: string;
  /** The tenant's, where the record names none. */
  readonly defaultCountry?: string;
  /** A birth date after it is refused; absent: not checked. */
  readonly now?: Date;
}
