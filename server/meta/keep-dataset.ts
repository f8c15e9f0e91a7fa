import type { Transaction } from "kysely";
import { Failure } from "../../core/errors.ts";
import type { Dataset } from "../../core/types.ts";
import { addDataset, listReached, type NewDataset } from "../store/datasets.ts";
import { laneState } from "../store/lane-state.ts";
import { resumeLane } from "../store/lanes.ts";
import { loadSecret, saveSecret } from "../store/secrets.ts";
import type { Tables } from "../store/tables.ts";
import type { Vault } from "../store/vault.ts";
import { type MetaAccess, metaAccessOf } from "../workers/sending.ts";

/**
 * The dataset and the access to it, which replaces the one before. What it stood still for at Meta is mended by that, and what
 * waited is sent; what an admin has paused stays paused.
 *
 * @throws Failure `conflict` when somebody else connects it at this moment
 */
export async function keepDataset(
  trx: Transaction<Tables>,
  dataset: NewDataset,
  access: MetaAccess,
  vault: Vault,
  now: Date,
): Promise<Dataset> {
  const { tenantId, metaId } = dataset;
  const before = (await listReached(trx, tenantId)).find((each) => each.metaId === metaId);
  const made = await addDataset(trx, dataset, now);
  const place = metaAccessOf(made);
  const seen = (await loadSecret(trx, place))?.generation ?? 0;
  if (!(await saveSecret(trx, place, vault.seal(place, JSON.stringify(access)), seen, now)))
    throw new Failure("conflict", "somebody else connects this dataset just now");
  const lane = { tenantId, kind: "send", id: made.id } as const;
  const byAdmin = (await laneState(trx, lane))?.pausedReason === "by_admin";
  if (before?.disconnectedAt || !byAdmin) await resumeLane(trx, lane, now);
  return made;
}
