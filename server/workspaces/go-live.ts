import type { Connection } from "../../core/types.ts";
import { changeConnection } from "../store/connections.ts";
import { readAnew } from "../store/lanes.ts";
import type { WorkspaceParts } from "./workspace.ts";

/**
 * Switches sending on from this instant, and has the account read from the beginning: what was kept back only because nothing
 * was live is decided again as it is met (core/decide.ts). Both, or nothing.
 */
export async function goLive(
  connection: Connection,
  sendFrom: Date,
  { store, clock }: Pick<WorkspaceParts, "store" | "clock">,
): Promise<void> {
  const { tenantId, id } = connection;
  await store.db.transaction().execute(async (trx) => {
    // First the lane: whoever reads it just now has its token taken away, and can neither keep nor move the checkpoint.
    await readAnew(trx, { tenantId, id }, clock.now());
    await changeConnection(trx, tenantId, id, { sendFrom });
  });
}
