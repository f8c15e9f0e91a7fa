import type { Fetch } from "../../core/ports.ts";
import type { TenantId } from "../../core/types.ts";
import { ByTenant } from "./by-tenant.ts";

/** What a call is counted against: all calls of a tenant to a vendor together, in turn with the tenant's other connections. */
export interface PaceKey {
  readonly tenantId: TenantId;
  /** `hubspot` */
  readonly vendor: string;
  /** Whose turn it is: a connection's id. */
  readonly connectionId: string;
}

/** How often each tenant may call each vendor, for all that this process does. */
export interface Pace {
  /** Spaces calls so that at most `perSecond` leave in a second. */
  paced(fetch: Fetch, perSecond: number, key: PaceKey): Fetch;
}

/**
 * A vendor's limits are shared with a customer's other apps, and who runs into them is told to wait longer: so the calls of
 * all connections that a tenant has with a vendor leave one by one, evenly spaced. Connections take turns, so that a long
 * reading of one does not keep the others waiting.
 */
export function createPace(): Pace {
  const budgets = new ByTenant<Budget>();
  let sweepAt = 1_000;
  const budgetOf = ({ tenantId, vendor }: PaceKey): Budget => {
    const found = budgets.get(tenantId, vendor);
    if (found) return found;
    if (budgets.size >= sweepAt) {
      budgets.sweep((budget) => budget.idle());
      sweepAt = 2 * Math.max(500, budgets.size);
    }
    const made = createBudget();
    budgets.set(made, tenantId, vendor);
    return made;
  };
  return {
    paced: (fetch, perSecond, key) => async (request) => {
      await budgetOf(key).turn(key.connectionId, 1000 / perSecond);
      return await fetch(request);
    },
  };
}

interface Budget {
  /** Until the next call may leave; the one after it leaves `spacingMs` later. */
  turn(asker: string, spacingMs: number): Promise<void> | undefined;
  /** Nobody waits, and whoever comes need not wait. */
  idle(): boolean;
}
interface Waiting {
  readonly spacingMs: number;
  leave(): void;
}

function createBudget(): Budget {
  /** In the order in which askers have their turns. */
  const queues = new Map<string, Waiting[]>();
  let freeAt = 0;
  const release = (): void => {
    for (const [asker, [next, ...others]] of queues) {
      queues.delete(asker);
      if (others.length > 0) queues.set(asker, others); // behind all that wait now
      if (!next) continue;
      freeAt += next.spacingMs;
      next.leave();
      break;
    }
    if (queues.size > 0) setTimeout(release, Math.max(0, freeAt - performance.now()));
  };
  return {
    turn(asker, spacingMs) {
      const now = performance.now();
      if (queues.size === 0 && now >= freeAt) {
        freeAt = now + spacingMs;
        return undefined;
      }
      return new Promise((resolve) => {
        if (queues.size === 0) setTimeout(release, freeAt - now);
        const queue = queues.get(asker);
        const waiting: Waiting = { spacingMs, leave: resolve };
        if (queue) queue.push(waiting);
        else queues.set(asker, [waiting]);
      });
    },
    idle: () => queues.size === 0 && performance.now() >= freeAt,
  };
}
