import { matchKeys } from "../../core/meta/match-keys.ts";
import type { Lead, MatchKey } from "../../core/types.ts";

/**
 * The lead with hashes in place of its contact data, so that nothing plain is stored. `dropped` says what was not usable, as
 * `key:why`. Options as for `matchKeys`.
 */
export function hashLead(
  lead: Lead,
  options: { readonly allowedKeys: readonly MatchKey[]; readonly defaultCountry?: string; readonly now?: Date },
): { readonly lead: Lead; readonly dropped: readonly string[] } {
  const { keys, dropped } = matchKeys(lead, options);
  return { lead: { ...lead, contact: keys, hashed: Object.keys(keys) as MatchKey[] }, dropped };
}
