import type { DatasetId } from "../../core/types.ts";
import { day, hour } from "./plan.ts";
import type { LogWitness } from "./witness-log.ts";
import { siteOf } from "./witness-log.ts";
import type { World } from "./world.ts";

/** Judges what an operator's word has set going: all that may have another try, and nothing else. */
export function redriven(
  world: World,
  log: LogWitness,
  datasetId: DatasetId,
  asked: readonly { readonly seq: number; readonly payload?: string }[],
  taken: readonly number[],
): void {
  const site = siteOf(world, datasetId);
  if (!site) {
    world.breaks("I4", `${datasetId} is no dataset`);
    return;
  }
  const may = asked.filter(({ seq }) => {
    const slot = site.slots[seq - 1];
    if (!slot?.settled || slot.settled === "accepted" || slot.settled === "aside") return false;
    return slot === slot.event.slots.at(-1) && slot.event.enteredAt + 7 * day - hour >= world.time.now();
  });
  if (may.map(({ seq }) => seq).join() !== taken.join())
    world.breaks(
      "I3",
      `${datasetId}: ${taken.join() || "none"} sent again instead of ${may.map(({ seq }) => seq).join()}`,
    );
  log.follow(site, { again: may, aside: false });
  for (const { seq } of may) {
    const event = site.slots[seq - 1]?.event;
    if (event) Object.assign(event, { redrivenAt: world.time.now(), unsureSince: undefined, notedAt: undefined });
  }
}
