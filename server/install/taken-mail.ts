import { isFailure } from "../../core/errors.ts";
import { listAudit, writeAudit } from "../store/audit.ts";
import type { ClaimedAccount } from "../store/claimed-accounts.ts";
import { newId } from "../store/ids.ts";
import { listMembers } from "../store/members.ts";
import { findPeople } from "../store/people.ts";
import { findTenant } from "../store/tenants.ts";
import type { InstallParts } from "./parts.ts";

const what = "account.refused";
const dayMs = 24 * 3_600_000;

/**
 * Somebody else wanted to connect an account of this workspace: noted, and mailed to its owners once a day and account. Nothing
 * is said of who it was.
 */
export async function tellOwners(claim: ClaimedAccount, parts: InstallParts): Promise<void> {
  const { store, clock } = parts;
  const now = clock.now();
  const { tenantId, provider, accountId } = claim;
  const before = await listAudit(store.db, tenantId, { limit: 100 });
  const told = before.some(
    (entry) => entry.what === what && entry.about.account === accountId && now.getTime() - entry.at.getTime() < dayMs,
  );
  const about = { provider, account: accountId, connection: claim.ownerId };
  await writeAudit(store.db, tenantId, { who: "stranger", what, about }, now);
  if (!told) await mailOwners(claim, parts);
}

async function mailOwners({ tenantId, provider }: ClaimedAccount, parts: InstallParts): Promise<void> {
  const { store, connectors, log, publicUrl } = parts;
  const send = parts.sendMail();
  const tenant = await findTenant(store.db, tenantId);
  if (!send || !tenant) return;
  const owners = (await listMembers(store.db, tenantId)).filter(({ role }) => role === "owner");
  const people = await findPeople(
    store.db,
    owners.map(({ personId }) => personId),
  );
  const addresses = [...people.values()].flatMap(({ mail }) => (mail === undefined ? [] : [mail]));
  const crm = connectors.get(provider)?.manifest.crmName ?? provider;
  const subject = `${tenant.name}: somebody else tried to connect your ${crm} account`;
  const text = [
    `Somebody who may install apps in your ${crm} account, and who is not a member of the workspace “${tenant.name}”, tried to connect it.`,
    "Nothing was connected, and nothing has changed for you.",
    "If it was a colleague, invite them to the workspace. If the account should move to another workspace, disconnect it here first.",
    `Members: ${publicUrl()}/members`,
  ].join("\n\n");
  for (const to of new Set([...addresses, ...tenant.alertTo]))
    await send({ id: newId("mai"), to, subject, text: `${text}\n` }).catch((error: unknown) => {
      const code = isFailure(error) ? error.code : "unexpected";
      log.warn("Owners could not be told of a refused install", { tenant: tenantId, code });
    });
}
