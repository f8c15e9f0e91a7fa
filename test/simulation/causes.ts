import { day, hour } from "./plan.ts";
import type { Slot, Tracked, World } from "./world.ts";

/** Why an event may be given up now: what its age, Meta or the lack of an answer say. `now` as the worker's clock has it. */
export function causesOf(world: World, { event }: Slot, now: number): readonly string[] {
  const { connection, recordId, enteredAt, unsureSince } = event;
  const { atMeta } = connection.crm.person({ object: "deal", id: recordId });
  const payload = payloadOf(world, event);
  return [
    ...(now > enteredAt + 7 * day - hour ? ["expired"] : []),
    ...(unsureSince !== undefined && now > unsureSince + 47 * hour ? ["unconfirmed"] : []),
    ...(atMeta === "stumbled_over" ? ["refused_again"] : []),
    ...(atMeta === "not_valid" && !payload.includes('"value":') ? ["refused_invalid"] : []),
    ...(atMeta === "lead_id_unknown" && !payload.includes('"em"') ? ["refused_lead_id"] : []),
  ];
}

/** Whether Meta, if nothing else is wrong, takes this event now, at least without its lead id. */
export function isTaken(world: World, { event }: Slot): boolean {
  if (world.time.now() > event.enteredAt + 7 * day - hour) return false;
  const atMeta = world.judge(event);
  const missing = { known: "", lead_id_unknown: '"em"', not_valid: '"value":', stumbled_over: undefined }[atMeta];
  return missing !== undefined && payloadOf(world, event).includes(missing);
}

function payloadOf({ store }: World, { dataset, slots }: Tracked): string {
  return store.events(dataset.tenantId, dataset.id)[(slots.at(-1)?.seq ?? 0) - 1]?.payload ?? "";
}
