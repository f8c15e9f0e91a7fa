import type { Transaction } from "kysely";
import { Failure } from "../../core/errors.ts";
import type { Connection, ConnectionId, PersonId, TenantId } from "../../core/types.ts";
import { createSession, type NewSession, type SignedIn } from "../sign-in/session.ts";
import { writeAudit } from "../store/audit.ts";
import { type ClaimedAccount, claimAccount, findClaim, releaseAccount } from "../store/claimed-accounts.ts";
import { type Install, takeInstall } from "../store/installs.ts";
import { roleIn } from "../store/members.ts";
import { forgetSecrets } from "../store/secrets.ts";
import type { Tables } from "../store/tables.ts";
import { isAbandoned } from "./abandoned.ts";
import { connect, reconnect } from "./connect.ts";
import { letGo, revokeGrant } from "./let-go.ts";
import type { InstallParts } from "./parts.ts";
import { endTaken } from "./taken.ts";
import { openWorkspace } from "./workspace.ts";

/** What a person says on the confirm page. */
export interface Said {
  readonly workspace: "new" | TenantId;
  /** A test account's leads may go to the dataset that others use. */
  readonly allowSandbox: boolean;
}

export interface Confirmed {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly session: NewSession;
}

/** How the transaction ended; what is due at the vendor follows it. */
type Ending =
  | (Confirmed & { readonly way: "connected" })
  /** `old`: the refresh token that the new one replaces. */
  | (Confirmed & { readonly way: "reconnected"; readonly old?: string })
  /** The connection goes on with the grant it has. */
  | (Confirmed & { readonly way: "signed_in" })
  | { readonly way: "taken"; readonly claim: ClaimedAccount };

/**
 * Makes, or opens, the workspace of the account that let us in: tenant, claim, connection, grant, member, audit entry and session
 * in one transaction, or nothing. `signedIn`: whoever this browser is already. `isNew`: the account was not known here before.
 *
 * @throws Failure `account_taken` when it belongs to a workspace that the person is not in, `not_signed_in`, `not_allowed`,
 *   `conflict`, `not_found` when somebody else has confirmed or refused it
 */
export async function confirmInstall(
  id: string,
  said: Said,
  signedIn: SignedIn | undefined,
  parts: InstallParts,
): Promise<Confirmed & { readonly install: Install; readonly isNew: boolean }> {
  const { install, ending } = await parts.store.db.transaction().execute(async (trx) => {
    const taken = await takeInstall(trx, id);
    if (!taken) throw new Failure("not_found", "this install is over");
    return { install: taken, ending: await settle(taken, said, signedIn, trx, parts) };
  });
  if (ending.way === "taken") return await endTaken(install, ending.claim, parts);
  if (ending.way === "reconnected" && ending.old !== undefined) await revokeGrant(install, ending.old, parts);
  if (ending.way === "signed_in") await letGo(install, parts);
  else parts.wake("read");
  const { tenantId, connectionId, session } = ending;
  return { tenantId, connectionId, session, install, isNew: ending.way === "connected" };
}

async function settle(
  install: Install,
  said: Said,
  signedIn: SignedIn | undefined,
  trx: Transaction<Tables>,
  parts: InstallParts,
): Promise<Ending> {
  // Who merely brings a code that we never asked for is nobody here until they have signed in.
  if (!install.asked && !signedIn) throw new Failure("not_signed_in");
  const now = parts.clock.now();
  const claim = await findClaim(trx, install.provider, install.accountId);
  if (claim && !(await isAbandoned(trx, claim, now))) return await comeIn(install, claim, said, signedIn, trx, parts);
  if (claim) await takeOver(claim, install, trx, now);

  const tenantId = await openWorkspace(install, said, signedIn, trx, now);
  const connection = await connect(install, tenantId, said, trx, parts);
  const { provider, accountId, personId } = install;
  if (!(await claimAccount(trx, { provider, accountId, tenantId, ownerId: connection.id }, now)))
    throw new Failure("conflict", "the account was connected at this very moment");
  await note(trx, "account.connected", install, connection, signedIn?.person.id ?? personId, now);
  const session = await sessionFor(trx, signedIn?.person.id ?? personId, tenantId, signedIn, now);
  return { way: "connected", tenantId, connectionId: connection.id, session };
}

/** The account is known: its members are signed in, and those who may connect accounts renew its access. */
async function comeIn(
  install: Install,
  claim: ClaimedAccount,
  { workspace }: Said,
  signedIn: SignedIn | undefined,
  trx: Transaction<Tables>,
  parts: InstallParts,
): Promise<Ending> {
  const now = parts.clock.now();
  const { tenantId } = claim;
  const found = await memberAmong([signedIn?.person.id, install.asked ? install.personId : undefined], tenantId, trx);
  if (!found) return { way: "taken", claim };
  if (workspace !== "new" && workspace !== tenantId)
    throw new Failure("conflict", "the account belongs to another workspace of yours; disconnect it there first");
  const renewed = found.role === "viewer" ? undefined : await reconnect(install, claim, trx, parts);
  const session = await sessionFor(trx, found.who, tenantId, signedIn, now);
  if (!renewed) {
    const about = { provider: install.provider, account: install.accountId };
    await writeAudit(trx, tenantId, { who: found.who, what: "session.started", about }, now);
    return { way: "signed_in", tenantId, connectionId: claim.ownerId as ConnectionId, session };
  }
  const { connection, old } = renewed;
  await note(trx, "account.reconnected", install, connection, found.who, now);
  return { way: "reconnected", tenantId, connectionId: connection.id, session, ...(old !== undefined && { old }) };
}

/** Who is signed in goes before who agreed at the vendor. */
async function memberAmong(people: readonly (PersonId | undefined)[], tenantId: TenantId, trx: Transaction<Tables>) {
  for (const who of people) {
    const role = who && (await roleIn(trx, tenantId, who));
    if (who && role) return { who, role };
  }
  return undefined;
}

/** The workspace that had the account lost it a week ago or more: it keeps its history, and nothing that opens the account. */
async function takeOver(claim: ClaimedAccount, install: Install, trx: Transaction<Tables>, now: Date): Promise<void> {
  // Nobody takes an account over who was not sent for its consent by us.
  if (!install.asked) throw new Failure("account_taken");
  await releaseAccount(trx, claim);
  await forgetSecrets(trx, claim.tenantId, claim.ownerId);
  const about = { provider: claim.provider, account: claim.accountId, connection: claim.ownerId };
  await writeAudit(trx, claim.tenantId, { who: "stranger", what: "account.taken_over", about }, now);
}

async function sessionFor(
  trx: Transaction<Tables>,
  personId: PersonId,
  tenantId: TenantId,
  instead: SignedIn | undefined,
  now: Date,
): Promise<NewSession> {
  return await createSession(trx, { personId, tenantId, ...(instead && { instead }) }, now);
}

async function note(
  trx: Transaction<Tables>,
  what: string,
  { provider, accountId, about, asked }: Install,
  { id, tenantId }: Connection,
  who: PersonId,
  now: Date,
): Promise<void> {
  const told = { connection: id, provider, account: accountId, scopes: about.scopes.join(" "), sandbox: about.sandbox };
  await writeAudit(trx, tenantId, { who, what, about: { ...told, asked } }, now);
}
