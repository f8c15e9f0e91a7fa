import { setTimeout as pause } from "node:timers/promises";

/**
 * Looks until the condition gives something other than undefined or false.
 *
 * @throws Error naming what did not come about within `withinMs`
 */
export async function until<Found>(
  what: string | (() => string),
  condition: () => Promise<Found | undefined | false> | Found | undefined | false,
  withinMs = 20_000,
): Promise<Found> {
  for (const giveUpAt = Date.now() + withinMs; ; await pause(50)) {
    const found = await condition();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > giveUpAt)
      throw new Error(`not within ${withinMs / 1000} s: ${typeof what === "string" ? what : what()}`);
  }
}
