import { z } from "zod";
import { type DeliverPorts, deliver } from "../../core/deliver.ts";
import { Failure } from "../../core/errors.ts";
import type { Destination } from "../../core/meta/sender.ts";
import type { Lease } from "../../core/outbox.ts";
import type { Dataset, DatasetId } from "../../core/types.ts";
import { findDataset } from "../store/datasets.ts";
import type { Store } from "../store/open.ts";
import { loadSecret } from "../store/secrets.ts";
import type { SecretPlace, Vault } from "../store/vault.ts";

/** Meta's access to one dataset, as it lies encrypted in the store. */
export const MetaAccess = z.object({ token: z.string().min(1), appSecret: z.string().optional() });
export type MetaAccess = z.infer<typeof MetaAccess>;

export const metaAccessOf = ({ tenantId, id }: Pick<Dataset, "tenantId" | "id">): SecretPlace => ({
  tenantId,
  ownerId: id,
  kind: "meta",
});

export interface SendingParts extends DeliverPorts {
  readonly store: Store;
  readonly vault: Vault;
}

/** What a worker does with the lane of a dataset. */
export const sending = (parts: SendingParts) => async (lease: Lease) => {
  const destination = await destinationOf(lease, parts);
  if (destination) await deliver(lease, destination, parts);
  else await parts.outbox.release(lease, { paused: "meta_token", why: "meta_token" }, parts.clock.now());
};

async function destinationOf(lease: Lease, { store, vault }: SendingParts): Promise<Destination | undefined> {
  const dataset = await findDataset(store.db, lease.tenantId, lease.id as DatasetId);
  if (!dataset) throw new Failure("not_found", `dataset ${lease.id}`);
  const place = metaAccessOf(dataset);
  const sealed = await loadSecret(store.db, place);
  if (!sealed) return undefined;
  const { token, appSecret } = MetaAccess.parse(JSON.parse(vault.open(place, sealed)));
  return { metaId: dataset.metaId, token, ...(appSecret !== undefined && { appSecret }) };
}
