import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultKind } from "./faults.ts";
import type { Plan } from "./plan.ts";
import { planOf } from "./planning.ts";
import type { Shrunk } from "./shrink.ts";
import type { SimulateOptions } from "./simulate.ts";

/** A history that once broke a promise, in its own words: it means the same however seeds are made into worlds later on. */
export interface KeptHistory {
  /** What was broken. */
  readonly why: string;
  readonly plan: Plan;
  /** The faults that strike, as `kind@place`. */
  readonly faults: readonly string[];
}

const folder = join(import.meta.dirname, "kept");

/** Every history that is lived through again for ever. */
export function keptHistories(): readonly KeptHistory[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => {
      const { plan, ...rest } = JSON.parse(readFileSync(join(folder, name), "utf8")) as Written;
      return { ...rest, plan: { ...plan, faults: new Set(plan.faults) } };
    });
}
interface Written extends Omit<KeptHistory, "plan"> {
  readonly plan: Omit<Plan, "faults"> & { readonly faults: readonly FaultKind[] };
}

/** @returns the file in which it is kept */
export function keepHistory({ history, faults, operations }: Shrunk, options: SimulateOptions): string {
  const { seed, broken } = history;
  const plan = options.plan ?? planOf(seed);
  const written: Written = {
    why: `${broken[0]?.invariant}: ${broken[0]?.what}`,
    faults,
    plan: { ...plan, faults: [...plan.faults], operations: operations.flatMap((n) => plan.operations[n] ?? []) },
  };
  const file = join(folder, `${broken[0]?.invariant}-${seed}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(written, undefined, 2)}\n`);
  return file;
}
