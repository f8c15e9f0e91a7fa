import { setTimeout as pause } from "node:timers/promises";
import { hashLead } from "../../../connectors/http/hash-lead.ts";
import { isFailure } from "../../../core/errors.ts";
import { entryId } from "../../../core/ledger.ts";
import { type Pushed, pushToInbox } from "../../../server/store/inbox.ts";
import { changeOf, changesBy, personOf } from "./crm.ts";
import type { Account, World } from "./world.ts";

/** In-house CRMs that push what happens in them, each batch again and again until it is acknowledged. */
export interface Pushing {
  /** Ends their life and has the rest acknowledged. */
  end(): Promise<{ readonly acknowledged: number; readonly repeated: number }>;
  /** Stops at once. */
  abandon(): Promise<void>;
}

export function startPushing(world: World): Pushing {
  const { accounts, parts, place } = world;
  const done = new Map<Account, number>();
  let repeated = 0;
  let [ending, abandoned] = [false, false];

  const push = async (account: Account): Promise<void> => {
    const from = done.get(account) ?? 0;
    const upTo = Math.min(from + 100, changesBy(Date.now(), place.life));
    const batch = Array.from({ length: upTo - from }, (_, n) => pushOf(account, from + n, world));
    const { tenantId, id } = account.connection;
    while (batch.length > 0 && !abandoned) {
      try {
        await pushToInbox(parts.store.pool, tenantId, id, batch, new Date());
        done.set(account, upTo);
        return;
      } catch (error) {
        if (!isFailure(error, "store_unavailable")) throw error;
        repeated += 1;
        await pause(50);
      }
    }
  };
  const all = (): boolean => accounts.every((each) => (done.get(each) ?? 0) >= changesBy(Date.now(), place.life));
  const run = async (): Promise<void> => {
    while (!abandoned && !(ending && Date.now() > world.lifeEndsAt() && all())) {
      await Promise.all(accounts.map(push));
      await pause(50);
    }
  };
  const running = run();
  running.catch(() => {}); // whoever ends it hears of it
  return {
    async end() {
      world.endLife();
      ending = true;
      await running;
      return { acknowledged: [...done.values()].reduce((sum, n) => sum + n, 0), repeated };
    },
    async abandon() {
      abandoned = true;
      await running.catch(() => {}); // another error is on its way already
    },
  };
}

function pushOf({ number, tenant }: Account, n: number, { place, parts }: World): Pushed {
  const observation = changeOf(number, n, place.life);
  const now = parts.clock.now();
  const { lead } = hashLead(personOf(observation.record) ?? { contact: {} }, { ...tenant, now });
  return { id: `change-${number}-${n}`, observation, entry: entryId(observation, 0), lead };
}
