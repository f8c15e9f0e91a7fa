import type { Kysely } from "kysely";
import { type ClaimedAccount, lostSince } from "../store/claimed-accounts.ts";
import type { Tables } from "../store/tables.ts";

/** As long as events can wait for their CRM: nothing that is read later can be sent. */
const patienceMs = 7 * 24 * 3_600_000;

/** The workspace has the account, but for a week no access to it: another one may take it over. */
export async function isAbandoned(db: Kysely<Tables>, claim: ClaimedAccount, now: Date): Promise<boolean> {
  const since = await lostSince(db, claim);
  return since !== undefined && now.getTime() - since.getTime() >= patienceMs;
}
