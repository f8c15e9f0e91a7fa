import type { Fetch } from "../../core/ports.ts";

/**
 * Spaces calls so that at most `perSecond` leave in a second: an account's limits are shared with its other apps, and who runs
 * into them is told to wait longer.
 */
export function paced(fetch: Fetch, perSecond: number): Fetch {
  const spacingMs = 1000 / perSecond;
  let freeAt = 0;
  return async (request) => {
    const now = performance.now();
    const at = Math.max(now, freeAt);
    freeAt = at + spacingMs;
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now));
    return await fetch(request);
  };
}
