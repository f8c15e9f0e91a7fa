import type { Transaction } from "kysely";
import { isFailure } from "../../core/errors.ts";
import type { Reported } from "../../core/mails.ts";
import { openProblems } from "../../core/open-problems.ts";
import type { Log } from "../../core/ports.ts";
import type { TenantId } from "../../core/types.ts";
import { evidenceOf, troubledTenants } from "../store/evidence.ts";
import { queueMails } from "../store/mails.ts";
import type { Store } from "../store/open.ts";
import { applyProblems, lockTenant, muteOf, type ProblemRow, recentProblems } from "../store/problems.ts";
import type { Tables } from "../store/tables.ts";
import { findTenant } from "../store/tenants.ts";

export interface WatchParts {
  readonly store: Pick<Store, "db">;
  readonly log: Log;
  /** What people call the CRM of a connector: `hubspot` is HubSpot. */
  readonly crmName: (connector: string) => string;
  /** Where the console is, for the mails. */
  readonly consoleUrl: () => string;
}

/**
 * Looks at every tenant that has trouble: opens, continues and closes its problems by the evidence and writes the mails that
 * are due, in one transaction per tenant. Run every 15 seconds.
 */
export const watchProblems =
  (parts: WatchParts) =>
  async (now: Date): Promise<void> => {
    const { store, log } = parts;
    for (const tenantId of await troubledTenants(store.db, now))
      try {
        await store.db.transaction().execute((trx) => look(trx, tenantId, parts, now));
      } catch (error) {
        if (isFailure(error, "store_unavailable")) throw error;
        // One tenant that cannot be looked at keeps nobody from the others; it is looked at again next time.
        log.error("Could not look for problems", {
          tenant: tenantId,
          detail: error instanceof Error ? error.name : "",
        });
      }
  };

async function look(
  trx: Transaction<Tables>,
  tenantId: TenantId,
  { crmName, consoleUrl }: WatchParts,
  now: Date,
): Promise<void> {
  await lockTenant(trx, tenantId);
  const tenant = await findTenant(trx, tenantId);
  if (!tenant) return;
  await applyProblems(trx, tenantId, openProblems(await evidenceOf(trx, tenantId, now), now), now);
  const problems = await recentProblems(trx, tenantId, now);
  const reported = problems.map((problem) => reportOf(problem, crmName, now));
  await queueMails(trx, tenant, reported, consoleUrl(), now);
}

/** A row as mails (and whoever else makes a sentence of it) tell of it. */
export function reportOf(row: ProblemRow, crmName: (connector: string) => string, now: Date): Reported {
  const { id, cause, code, affected, opened_at, closed_at, deadline_at, details } = row;
  const { since, ended, name, connector, acknowledged } = details;
  return {
    id,
    cause,
    code,
    affected,
    openedAt: opened_at,
    since: since ? new Date(since) : opened_at,
    ...(closed_at && { closedAt: closed_at }),
    ...(deadline_at && { deadlineAt: deadline_at }),
    ...(ended && { ended }),
    ...(acknowledged && { acknowledged: true as const }),
    ...(muteOf(row, now) && { muted: true as const }),
    ...(name && { place: name }),
    ...(connector && { crmName: crmName(connector) }),
  };
}
