import { setTimeout as pause } from "node:timers/promises";
import type { ConnectionId } from "../../../core/types.ts";
import { changeOf, changesBy } from "./crm.ts";
import type { World } from "./world.ts";

/** What befalls requests to Meta: refused by a fault of Meta's, taken and not answered, not taken, late, far too late. */
const mishaps = [
  { status: 500 },
  { dropAnswer: true },
  { down: true },
  { slowMs: 300 },
  { slowMs: 1_500 },
  { status: 503 },
];

/** Doorbells for records of all ages and mishaps at Meta, until it is ended. */
export function startStorm(world: World): { end(): Promise<void> } {
  const { accounts, place, parts, act } = world;
  let ending = false;
  const ring = async (): Promise<void> => {
    const account = accounts[Math.floor(Math.random() * accounts.length)];
    const made = account ? changesBy(Date.now(), place.life) : 0;
    if (!account || made === 0) return;
    const records = Array.from(
      { length: 3 },
      () => changeOf(account.number, Math.floor(Math.random() * made), place.life).record,
    );
    const { tenantId, id } = account.connection;
    await parts.store.outbox.ring(tenantId, id as ConnectionId, records, new Date());
  };
  const run = async (): Promise<void> => {
    for (let n = 0; !ending; n += 1) {
      await ring();
      if (n % 3 === 0) await act("fault", { ...mishaps[Math.floor(Math.random() * mishaps.length)], times: 1 });
      await pause(50 + Math.random() * 50);
    }
  };
  const running = run();
  running.catch(() => {}); // whoever ends it hears of it
  return {
    async end() {
      ending = true;
      await running;
      await act("fault", {});
    },
  };
}
