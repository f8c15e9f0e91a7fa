import type { Lease, Outbox } from "../../core/outbox.ts";
import type { Clock } from "../../core/ports.ts";
import type { TenantId } from "../../core/types.ts";
import { openLane } from "../store/lanes.ts";
import type { Store } from "../store/open.ts";

/** A piece of housekeeping that is nobody's in particular. */
export interface Chore {
  readonly everyMs: number;
  /** Answers "more" where there is more to do at once. */
  run(now: Date): Promise<unknown>;
}
export type Chores = Readonly<Record<string, Chore>>;

/** Chores belong to no customer: their lanes lie under this name, which no tenant's id can be. */
export const nobody = "upkeep" as TenantId;

/** Makes a lane for each chore; a chore is then done by one process at a time, and by another should that one die. */
export async function openChores(store: Store, chores: Chores, now: Date): Promise<void> {
  for (const id of Object.keys(chores)) await openLane(store.db, { tenantId: nobody, kind: "upkeep", id }, now);
}

/** What a worker does with the lane of a chore. One that this version does not know is left to those that do. */
export const upkeep =
  (chores: Chores, { outbox, clock }: { readonly outbox: Outbox; readonly clock: Clock }) =>
  async (lease: Lease): Promise<Date | undefined> => {
    const chore = chores[lease.id];
    const more = await chore?.run(clock.now());
    const now = clock.now();
    const restMs = more === "more" ? 0 : (chore?.everyMs ?? 3_600_000);
    return await outbox.release(lease, { dueAt: new Date(now.getTime() + restMs) }, now);
  };
