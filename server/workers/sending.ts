import { z } from "zod";
import { type DeliverPorts, deliver, type OwnDestination } from "../../core/deliver.ts";
import { Failure } from "../../core/errors.ts";
import type { Lease } from "../../core/outbox.ts";
import type { Dataset, DatasetId } from "../../core/types.ts";
import { datasetReader } from "../store/datasets.ts";
import type { Store } from "../store/open.ts";
import { secretReader } from "../store/secrets.ts";
import type { SecretPlace, Vault } from "../store/vault.ts";

/** Meta's access to one dataset, as it lies encrypted in the store. */
export const MetaAccess = z.object({
  token: z.string().min(1),
  /** Of an app of the tenant's own that issued the token. */
  appSecret: z.string().optional(),
  /** Issued to our app, whose secret is in the configuration and nowhere else. */
  client: z.literal("app").optional(),
});
export type MetaAccess = z.infer<typeof MetaAccess>;

export const metaAccessOf = ({ tenantId, id }: Pick<Dataset, "tenantId" | "id">): SecretPlace => ({
  tenantId,
  ownerId: id,
  kind: "meta",
});

export interface SendingParts extends DeliverPorts {
  readonly store: Store;
  readonly vault: Vault;
  /** Of our own app at Meta. */
  readonly metaAppSecret?: string | undefined;
}

/** What a worker does with the lane of a dataset. */
export function sending(parts: SendingParts) {
  const destinationOf = destinations(parts);
  return async (lease: Lease): Promise<Date | undefined> => {
    const destination = await destinationOf(lease);
    if (destination) return await deliver(lease, destination, parts);
    return await parts.outbox.release(lease, { paused: "meta_token", why: "meta_token" }, parts.clock.now());
  };
}

/** Where a dataset's events go and with whose access; undefined: there is no access to it any more. Throws `not_found`. */
export function destinations({
  store,
  vault,
  metaAppSecret,
}: Pick<SendingParts, "store" | "vault" | "metaAppSecret">): (
  lane: Pick<Lease, "tenantId" | "id">,
) => Promise<OwnDestination | undefined> {
  const find = { dataset: datasetReader(store.db), secret: secretReader(store.db) };
  return async ({ tenantId: owner, id }) => {
    // Both at once: where a secret lies is known from the lease alone.
    const place = metaAccessOf({ tenantId: owner, id: id as DatasetId });
    const [dataset, sealed] = await Promise.all([find.dataset(owner, id as DatasetId), find.secret(place)]);
    if (!dataset) throw new Failure("not_found", `dataset ${id}`);
    if (!sealed) return undefined;
    const { token, client, ...own } = MetaAccess.parse(JSON.parse(vault.open(place, sealed)));
    const appSecret = client === "app" ? metaAppSecret : own.appSecret;
    const { tenantId, id: datasetId, metaId } = dataset;
    return { tenantId, datasetId, metaId, token, ...(appSecret !== undefined && { appSecret }) };
  };
}
