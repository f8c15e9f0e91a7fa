import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Outcome } from "../../core/outbox.ts";
import type { Connection, Dataset, Tenant } from "../../core/types.ts";
import { addConnection } from "../../server/store/connections.ts";
import { addDataset } from "../../server/store/datasets.ts";
import type { Store, StoreOptions } from "../../server/store/open.ts";
import { createTenant, forgetTenant, listTenants } from "../../server/store/tenants.ts";
import { at, claimOne, kept } from "../conformance/outbox/world.ts";
import { testDatabase } from "../postgres.ts";

/** A store with one tenant, its dataset and its connection; the same for each test of the file. */
export interface Acme {
  /** Of its database, for whoever comes in from outside. */
  url: string;
  store: Store;
  tenant: Tenant;
  dataset: Dataset;
  connection: Connection;
}

export const account = {
  connector: "http",
  accountId: "acme",
  name: "Acme CRM",
  config: { fields: { leadId: "meta_lead_id" } },
};

export function acme(options: Partial<StoreOptions> = {}): Acme {
  const made = {} as Acme;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await testDatabase();
    drop = database.drop;
    made.url = database.url;
    made.store = await database.open({ now: at(0), ...options });
  });
  beforeEach(async () => {
    const { db } = made.store;
    for (const { id } of await listTenants(db)) await forgetTenant(db, id);
    made.tenant = await createTenant(db, { name: "Acme", defaultCountry: "NL", allowedKeys: ["em", "ph"] }, at(0));
    const tenantId = made.tenant.id;
    made.dataset = await addDataset(db, { tenantId, metaId: "1234567890", name: "Acme leads" }, at(0));
    made.connection = await addConnection(db, { ...account, tenantId, datasetId: made.dataset.id }, at(0));
  });
  afterAll(() => drop());
  return made;
}

/** One turn of the reader. */
export async function work(
  { store, dataset }: Acme,
  outcomes: readonly Outcome[],
  now = at(0),
  dropped: Record<string, number> = {},
) {
  const lease = await claimOne(store.outbox, "read", now);
  await store.outbox.keep(lease, kept(outcomes, { datasetId: dataset.id, checkpoint: { v: 1 }, dropped }), now);
  await store.outbox.release(lease, { dueAt: now }, now);
}
