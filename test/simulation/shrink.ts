import { type History, type SimulateOptions, simulate } from "./simulate.ts";

/** The least that still breaks the same promise. */
export interface Shrunk {
  readonly history: History;
  readonly faults: readonly string[];
  readonly operations: readonly number[];
  /** Shows it again. */
  readonly command: string;
}

/** Leaves out faults first, then operations, as long as the same promise stays broken. */
export async function shrink(broken: History, options: SimulateOptions = {}): Promise<Shrunk> {
  const { seed } = broken;
  const [first] = broken.broken;
  if (!first) throw new TypeError(`seed ${seed} breaks nothing`);
  let history = broken;
  const breaks = async (faults: readonly string[], operations: readonly number[]): Promise<boolean> => {
    const narrowed = { ...options, faults: new Set(faults), operations: new Set(operations) };
    const tried = await simulate(seed, narrowed);
    const same = tried.broken[0]?.invariant === first.invariant;
    if (same) history = tried;
    return same;
  };
  let operations: readonly number[] = [
    ...(options.operations ?? Array.from({ length: broken.operations }, (_, n) => n)),
  ];
  const faults = await least(broken.struck, (fewer) => breaks(fewer, operations));
  operations = await least(operations, (fewer) => breaks(faults, fewer));
  const bug = options.bug ? ` --bug ${JSON.stringify(options.bug.name)}` : "";
  const command = `node test/simulation/main.ts --seed ${seed}${bug} --operations "${operations.join()}" --faults "${faults.join()}"`;
  return { history, faults, operations, command };
}

/** Drops ever smaller pieces for as long as something can be dropped. */
async function least<Item>(
  items: readonly Item[],
  stillBreaks: (fewer: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  let kept = items;
  for (let size = Math.max(1, kept.length); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < kept.length; ) {
      const fewer = kept.toSpliced(from, size);
      if (await stillBreaks(fewer)) kept = fewer;
      else from += size;
    }
  }
  return kept;
}

/** For a person: what broke, how little it takes, and how to see it again. */
export const report = ({ history, faults, operations, command }: Shrunk): string =>
  [
    ...history.broken.map(({ invariant, what }) => `${invariant} is broken: ${what}`),
    `${operations.length} operations, ${faults.length} faults, ${history.steps} steps; again with`,
    command,
  ].join("\n");
