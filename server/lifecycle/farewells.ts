import { writeAudit } from "../store/audit.ts";
import { findConnection } from "../store/connections.ts";
import { forgetLeaving, type Leaving, leavingConnections } from "../store/disconnected.ts";
import { forEach } from "./each.ts";
import { sayFarewell } from "./farewell.ts";
import type { LifecycleParts } from "./parts.ts";

const perTurn = 20;
/** A vendor that is away for longer is not waited for: what it gave us is forgotten here. */
const patienceMs = 3 * 86_400_000;

/** A chore: tells vendors that were away when their account was disconnected. */
export const sayFarewells =
  (parts: LifecycleParts) =>
  async (now: Date): Promise<void> => {
    const all = await leavingConnections(parts.store.db, perTurn);
    await forEach(all, (leaving) => farewell(leaving, parts, now));
  };

async function farewell(leaving: Leaving, parts: LifecycleParts, now: Date): Promise<void> {
  const { tenantId, id, disconnectedAt } = leaving;
  const { db } = parts.store;
  const connection = await findConnection(db, tenantId, id);
  const said = connection && (await sayFarewell(connection, parts));
  if (said?.pending && now.getTime() - disconnectedAt.getTime() < patienceMs) return;
  await forgetLeaving(db, leaving);
  const about = { connection: id, removed: said?.removed.length ?? 0, told: said?.pending === false };
  await writeAudit(db, tenantId, { who: "upkeep", what: "account.farewell", about }, now);
}
