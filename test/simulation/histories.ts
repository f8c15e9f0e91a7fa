import { report, shrink } from "./shrink.ts";
import { type History, simulate } from "./simulate.ts";

/** Lives through these histories one by one; the first that breaks a promise is shrunk and told. */
export async function histories(seeds: number, from = 0): Promise<readonly History[]> {
  const all: History[] = [];
  for (let seed = from; seed < from + seeds; seed += 1) {
    const history = await simulate(seed);
    if (history.broken.length > 0) throw new Error(report(await shrink(history)));
    all.push(history);
  }
  return all;
}
