import { Failure } from "../../core/errors.ts";
import type { Log } from "../../core/ports.ts";
import type { Store } from "../store/open.ts";
import { forgetTenant, listTenants } from "../store/tenants.ts";
import { demoName } from "./demo.ts";
import { idOfNamed } from "./workspace.ts";

/**
 * A folder serves simulated vendors or real ones: where the demo workspace is, every other one is of simulated accounts too. They
 * give way to real accounts; real accounts are never handed to simulated vendors.
 *
 * @throws Failure `config_invalid`
 */
export async function oneKindOnly(store: Store, sandbox: boolean, log: Log): Promise<void> {
  const demo = idOfNamed(demoName);
  const tenants = await listTenants(store.db);
  const simulated = tenants.some(({ id }) => id === demo);
  if (sandbox && tenants.length > 0 && !simulated)
    throw new Failure(
      "config_invalid",
      "this database holds a real workspace; set its credentials, or another DATA_DIR for the demo",
    );
  if (sandbox || !simulated) return;
  log.info("Real accounts are configured: the demo workspace, and those beside it, are removed");
  // The demo goes last: should this be killed half-way, it is gone on with.
  for (const { id } of [
    ...tenants.filter((tenant) => tenant.id !== demo),
    ...tenants.filter((tenant) => tenant.id === demo),
  ])
    await forgetTenant(store.db, id);
}
