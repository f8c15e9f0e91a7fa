import type { DatasetId } from "../../core/types.ts";
import type { ConnectionSite, DatasetSite, Slot, Tracked, World } from "./world.ts";

/** Follows the log of each dataset: every row in it must be one that somebody had a reason to append. */
export interface LogWitness {
  /** After events were kept, events were tried again, or nothing was. */
  follow(site: DatasetSite, by: Appended): void;
  /** The place in the log at which an event is now. */
  slotOf(id: string): Slot | undefined;
}
export type Appended =
  | { readonly kept: ConnectionSite; readonly count: number }
  | {
      readonly again: readonly { readonly seq: number; readonly payload?: string }[];
      readonly aside: boolean;
    };

export function createLogWitness(world: World): LogWitness {
  return {
    slotOf: (id) => world.events.get(id)?.slots.at(-1),
    follow(site, by) {
      const { plan, slots } = site;
      const log = world.store.events(plan.tenantId, plan.id);
      const count = "kept" in by ? by.count : by.again.length;
      if (log.length !== slots.length + count)
        return world.breaks("I2", `${plan.id}: ${log.length - slots.length} events were appended instead of ${count}`);
      for (const [n, row] of log.slice(slots.length).entries()) {
        if (row.seq !== slots.length + 1) world.breaks("I2", `${plan.id}: number ${row.seq} at ${slots.length + 1}`);
        const event = "kept" in by ? begin(row, site, by.kept) : goOn(row, site, by.again[n], by.aside);
        const asides = (event?.slots.at(-1)?.asides ?? 0) + ("aside" in by && by.aside ? 1 : 0);
        if (!event) return;
        if (row.asides !== asides)
          world.breaks("I10", `${plan.id} ${row.seq}: set aside ${row.asides} times, ${asides} it was`);
        const slot = { seq: row.seq, event, asides };
        event.slots.push(slot);
        slots.push(slot);
      }
    },
  };

  function begin(
    { payload, entry, connectionId }: ReturnType<World["store"]["events"]>[number],
    { plan }: DatasetSite,
    connection: ConnectionSite,
  ): Tracked | undefined {
    const id = idOf(payload);
    if (world.events.has(id)) return void world.breaks("I2", `${id} was given twice`);
    if (connectionId !== connection.plan.id || plan.id !== connection.plan.datasetId)
      world.breaks("I4", `an event of ${connectionId} came to ${plan.id} with ${connection.plan.id}`);
    const event: Tracked = {
      id,
      enteredAt: entry.enteredAt.getTime(),
      keptAt: world.time.now(),
      dataset: plan,
      connection,
      recordId: entry.record.id,
      slots: [],
      receptions: [],
    };
    world.events.set(id, event);
    return event;
  }

  /** The same event once more: of the same id and time, as it was or as it was amended. */
  function goOn(
    { payload, againOf, eventTime }: ReturnType<World["store"]["events"]>[number],
    { plan, slots }: DatasetSite,
    asked: { readonly seq: number; readonly payload?: string } | undefined,
    aside: boolean,
  ): Tracked | undefined {
    const old = slots[(asked?.seq ?? 0) - 1];
    if (!asked || !old || againOf !== asked.seq)
      return void world.breaks("I2", `${plan.id}: number ${againOf} was tried again instead of ${asked?.seq}`);
    const { event } = old;
    const before = world.store.events(plan.tenantId, plan.id)[asked.seq - 1]?.payload;
    if (idOf(payload) !== event.id || eventTime.getTime() !== event.enteredAt || payload !== (asked.payload ?? before))
      world.breaks("I2", `${plan.id} ${asked.seq}: it came back as another event`);
    if (old !== event.slots.at(-1)) world.breaks("I3", `${plan.id} ${asked.seq} was tried again twice`);
    world.saw(aside ? "set aside" : "redriven");
    return event;
  }
}

export const idOf = (payload: string): string => /"event_id":"([^"]*)"/.exec(payload)?.[1] ?? "";

export const siteOf = (world: World, id: string): DatasetSite | undefined => world.datasets.get(id as DatasetId);
