import type { Kysely, Transaction } from "kysely";
import { Failure, isFailure } from "../../core/errors.ts";
import type { Connection, ConnectionId, DatasetId, TenantId } from "../../core/types.ts";
import { grantOf } from "../access/access.ts";
import type { Grant } from "../access/grant.ts";
import { writeAudit } from "../store/audit.ts";
import { releaseAccount } from "../store/claimed-accounts.ts";
import { connectedBy } from "../store/connected.ts";
import { findConnection } from "../store/connections.ts";
import { findDataset } from "../store/datasets.ts";
import { leavingOf, markDatasetDisconnected, markDisconnected, waitingFor } from "../store/disconnected.ts";
import { pauseLane } from "../store/lanes.ts";
import { forgetSecrets } from "../store/secrets.ts";
import type { Tables } from "../store/tables.ts";
import { type Farewell, sayFarewell } from "./farewell.ts";
import type { LifecycleParts } from "./parts.ts";

/** Who ends what, in which workspace. */
export interface Ending<Id> {
  readonly tenantId: TenantId;
  readonly id: Id;
  readonly who: string;
}

/**
 * Ends a connection. Our side first, in one transaction that no vendor can fail: nothing is read, what opens the account is put
 * where nobody reads with it, and the account is free for another workspace. Then its CRM is told. Mapping and history stay.
 *
 * @throws Failure `not_found`
 */
export async function disconnectConnection(
  { tenantId, id, who }: Ending<ConnectionId>,
  parts: LifecycleParts,
): Promise<Farewell> {
  const { db } = parts.store;
  const connection = await findConnection(db, tenantId, id);
  if (!connection) throw new Failure("not_found", `connection ${id}`);
  const grant = await usable(connection, parts);
  await db.transaction().execute(async (trx) => {
    if ((await connectedBy(trx, tenantId, id)).disconnected) return;
    await endHere(connection, grant, trx, parts);
    const { connector: provider, accountId: account } = connection;
    const deed = { who, what: "account.disconnected", about: { connection: id, provider, account } };
    await writeAudit(trx, tenantId, deed, parts.clock.now());
  });
  return await sayFarewell(connection, parts);
}

async function endHere(
  connection: Connection,
  grant: Grant | undefined,
  trx: Transaction<Tables>,
  { access, clock }: LifecycleParts,
): Promise<void> {
  const { tenantId, id, connector: provider, accountId } = connection;
  await pauseLane(trx, { tenantId, kind: "read", id }, "crm_disconnected");
  await forgetSecrets(trx, tenantId, id);
  if (grant) await access.tokens.store(leavingOf(connection), grant, trx);
  await markDisconnected(trx, tenantId, id, clock.now());
  await releaseAccount(trx, { provider, accountId, tenantId });
}

/** What opens the account; undefined: nothing does. */
async function usable(connection: Connection, { access }: LifecycleParts): Promise<Grant | undefined> {
  return await access.tokens.load(grantOf(connection)).catch((error: unknown) => {
    if (isFailure(error, "crm_disconnected", "secret_unreadable")) return undefined;
    throw error;
  });
}

/** How it went; `waiting`: events that nobody will send, unless the dataset is connected again before their deadline. */
export interface DatasetEnding {
  readonly disconnected: boolean;
  readonly waiting: number;
}

/**
 * Ends the access to a dataset. Events that wait keep their deadline, so whoever ends it must know how many there are:
 * `confirmed` is that number, and as long as more of them wait, nothing is done.
 *
 * @throws Failure `not_found`
 */
export async function disconnectDataset(
  { tenantId, id, who }: Ending<DatasetId>,
  confirmed: number | undefined,
  db: Kysely<Tables>,
  now: Date,
): Promise<DatasetEnding> {
  return await db.transaction().execute(async (trx) => {
    const dataset = await findDataset(trx, tenantId, id);
    if (!dataset) throw new Failure("not_found", `dataset ${id}`);
    const waiting = await waitingFor(trx, dataset);
    if (confirmed === undefined || waiting > confirmed) return { disconnected: false, waiting };
    await pauseLane(trx, { tenantId, kind: "send", id }, "meta_token");
    await forgetSecrets(trx, tenantId, id);
    await markDatasetDisconnected(trx, dataset, now);
    await writeAudit(trx, tenantId, { who, what: "dataset.disconnected", about: { id, waiting } }, now);
    return { disconnected: true, waiting };
  });
}
