import { Failure } from "../../core/errors.ts";
import type { PersonId } from "../../core/types.ts";
import { type ClaimedAccount, findClaim } from "../store/claimed-accounts.ts";
import { type Install, takeInstall } from "../store/installs.ts";
import { roleIn } from "../store/members.ts";
import { isAbandoned } from "./abandoned.ts";
import { letGo } from "./let-go.ts";
import type { InstallParts } from "./parts.ts";
import { tellOwners } from "./taken-mail.ts";

/**
 * Ends an install of an account that another workspace has, before anybody is asked to confirm it. Whoever is in that workspace,
 * as the person who agreed or as the one who is signed in, goes on.
 *
 * @throws Failure `account_taken`
 */
export async function refuseTaken(
  install: Install,
  signedIn: PersonId | undefined,
  parts: InstallParts,
): Promise<void> {
  const { db } = parts.store;
  const claim = await findClaim(db, install.provider, install.accountId);
  if (!claim || (await isAbandoned(db, claim, parts.clock.now()))) return;
  for (const person of [install.personId, signedIn]) if (person && (await roleIn(db, claim.tenantId, person))) return;
  await takeInstall(db, install.id);
  await endTaken(install, claim, parts);
}

/**
 * The grant is given back, and the owners of the account's workspace hear that somebody tried.
 *
 * @throws Failure `account_taken`, always
 */
export async function endTaken(install: Install, claim: ClaimedAccount, parts: InstallParts): Promise<never> {
  await letGo(install, parts);
  await tellOwners(claim, parts);
  throw new Failure("account_taken");
}
