import type { Transaction } from "kysely";
import { Failure } from "../../core/errors.ts";
import { matchKeyNames, type TenantId } from "../../core/types.ts";
import { isAtLeast } from "../sign-in/roles.ts";
import type { SignedIn } from "../sign-in/session.ts";
import { writeAudit } from "../store/audit.ts";
import type { Install } from "../store/installs.ts";
import { addMember, roleIn } from "../store/members.ts";
import { findPeople } from "../store/people.ts";
import type { Tables } from "../store/tables.ts";
import { createTenant } from "../store/tenants.ts";
import type { Said } from "./confirm.ts";

/**
 * Where an account that is new here goes: a workspace of its own, or the one that is open.
 *
 * @throws Failure `not_signed_in`, `not_allowed`, and `conflict` when it was asked for from another workspace
 */
export async function openWorkspace(
  install: Install,
  { workspace }: Said,
  signedIn: SignedIn | undefined,
  trx: Transaction<Tables>,
  now: Date,
): Promise<TenantId> {
  if (workspace === "new") return await makeWorkspace(install, signedIn, trx, now);
  if (!signedIn) throw new Failure("not_signed_in");
  const open = signedIn.open?.tenant.id;
  const role = await roleIn(trx, workspace, signedIn.person.id);
  if (workspace !== open || !role || !isAtLeast(role, "admin"))
    throw new Failure("not_allowed", "it takes the role admin in the workspace that is open");
  if (install.tenantId !== undefined && install.tenantId !== workspace)
    throw new Failure("conflict", "it was begun in another workspace; start again in this one");
  return workspace;
}

/** Named after the account. Who agreed at the vendor comes in by the same way next time; who is signed in stays so. */
async function makeWorkspace(
  { asked, personId, about, provider, accountId }: Install,
  signedIn: SignedIn | undefined,
  trx: Transaction<Tables>,
  now: Date,
): Promise<TenantId> {
  const owners = new Set([...(signedIn ? [signedIn.person.id] : []), ...(asked ? [personId] : [])]);
  const people = await findPeople(trx, [...owners]);
  const alertTo = [...new Set([...people.values()].flatMap(({ mail }) => (mail === undefined ? [] : [mail])))];
  const { id } = await createTenant(trx, { name: about.accountName, allowedKeys: matchKeyNames, alertTo }, now);
  for (const owner of owners) await addMember(trx, id, { personId: owner, role: "owner" }, now);
  const who = signedIn?.person.id ?? personId;
  await writeAudit(trx, id, { who, what: "workspace.made", about: { provider, account: accountId } }, now);
  return id;
}
