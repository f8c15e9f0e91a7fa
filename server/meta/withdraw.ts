import { createHmac } from "node:crypto";
import type { Kysely } from "kysely";
import { writeAudit } from "../store/audit.ts";
import { noteAccessEnd } from "../store/datasets.ts";
import { pauseLane } from "../store/lanes.ts";
import {
  addDeletion,
  type Deletion,
  findDeletion,
  forgetMetaUser,
  grantsOfMetaUser,
  type MetaGrant,
} from "../store/meta-grants.ts";
import type { Store } from "../store/open.ts";
import { forgetSecrets } from "../store/secrets.ts";
import type { Tables } from "../store/tables.ts";
import type { Vault } from "../store/vault.ts";
import { findLogin, forgetLogin, tenantsWithLogin } from "./login.ts";
import type { SignedRequest } from "./signed-request.ts";

interface Parts {
  readonly store: Pick<Store, "db">;
  readonly vault: Vault;
}

/**
 * Somebody removed our app at Meta: the access that they gave is dead. It is forgotten, and its datasets wait for another.
 *
 * @returns how many datasets
 */
export async function withdrawAccess(
  { userId, issuedAt }: Pick<SignedRequest, "userId" | "issuedAt">,
  { store, vault }: Parts,
  now: Date,
): Promise<number> {
  return await store.db.transaction().execute((trx) => withdraw(trx, userId, issuedAt, vault, now));
}

/**
 * Somebody wants to be forgotten: the access that they gave, and that it was they who gave it. What is left is a receipt, by
 * which the status is asked. The same request again finds it and does nothing.
 */
export async function deletePerson(
  { userId, issuedAt, payload }: SignedRequest,
  appSecret: string,
  { store, vault }: Parts,
  now: Date,
): Promise<Deletion> {
  const digest = createHmac("sha256", appSecret).update(`data deletion ${payload}`).digest("hex");
  const id = `rcp_${digest.slice(0, 32)}`;
  const before = await findDeletion(store.db, id);
  if (before) return before;
  return await store.db.transaction().execute(async (trx) => {
    const datasets = await withdraw(trx, userId, issuedAt, vault, now);
    await forgetMetaUser(trx, userId, issuedAt);
    const deletion = { id, at: now, datasets };
    await addDeletion(trx, deletion);
    return deletion;
  });
}

async function withdraw(db: Kysely<Tables>, userId: string, by: Date, vault: Vault, now: Date): Promise<number> {
  // Those that just signed in and have chosen nothing yet.
  for (const tenantId of await tenantsWithLogin(db)) {
    const login = await findLogin(db, tenantId, vault, now);
    if (login?.userId === userId && new Date(login.at) <= by) await forgetLogin(db, tenantId);
  }
  const grants = await grantsOfMetaUser(db, userId, by);
  for (const grant of grants) await end(db, grant, now);
  return grants.length;
}

async function end(db: Kysely<Tables>, { tenantId, datasetId: id }: MetaGrant, now: Date): Promise<void> {
  await forgetSecrets(db, tenantId, id);
  await noteAccessEnd(db, { tenantId, id }, null);
  await pauseLane(db, { tenantId, kind: "send", id }, "meta_token");
  await writeAudit(db, tenantId, { who: "meta", what: "dataset.access_withdrawn", about: { id } }, now);
}
