import type { Profiler } from "node:inspector";
import { Session } from "node:inspector/promises";

/** Where this process's time went during `work`: percent of the time, by room of the house or package, most first. */
export async function profiled(
  work: () => Promise<void>,
): Promise<readonly (readonly [place: string, share: number])[]> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.start");
  await work();
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  return shares(profile);
}

function shares({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): readonly (readonly [string, number])[] {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const spent = new Map<string, number>();
  let all = 0;
  for (const [n, id] of samples.entries()) {
    const place = places.get(id) ?? "?";
    const us = timeDeltas[n] ?? 0;
    spent.set(place, (spent.get(place) ?? 0) + us);
    all += us;
  }
  return [...spent]
    .map(([place, us]) => [place, (100 * us) / all] as const)
    .filter(([place]) => place !== "(idle)")
    .toSorted(([, a], [, b]) => b - a);
}

/** `pg`, `zod`, `server/store`, `(garbage collector)` … */
function placeOf({ functionName, url }: { functionName: string; url: string }): string {
  const parcel = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (parcel) return parcel;
  if (url.startsWith("node:")) return "node";
  const room = /\/(core|server|connectors|test)\/(?:(\w+)\/)?/.exec(url);
  if (room) return [room[1], room[2]].filter((part) => part !== undefined).join("/");
  return url === "" ? functionName || "(native)" : "other";
}
