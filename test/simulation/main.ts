import { parseArgs } from "node:util";
import { bugs } from "./bugs.ts";
import { report, shrink } from "./shrink.ts";
import { type SimulateOptions, simulate } from "./simulate.ts";

/**
 * `node test/simulation/main.ts --seeds 50000 [--from 0]` lives through many histories; `--seed 7` through one, with
 * `--operations`, `--faults` and `--bug` as a report names them.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "2000" },
    from: { type: "string", default: "0" },
    seed: { type: "string" },
    operations: { type: "string" },
    faults: { type: "string" },
    bug: { type: "string" },
  },
});
const from = Number(values.seed ?? values.from);
const to = from + (values.seed === undefined ? Number(values.seeds) : 1);
const bug = bugs.find(({ name }) => name === values.bug);
if (values.bug !== undefined && !bug)
  throw new TypeError(`no such bug; there are:\n${bugs.map(({ name }) => name).join("\n")}`);
const options: SimulateOptions = {
  ...(bug && { bug }),
  ...(values.operations !== undefined && { operations: new Set(listed(values.operations).map(Number)) }),
  ...(values.faults !== undefined && { faults: new Set(listed(values.faults)) }),
};

const started = performance.now();
const counts = new Map<string, number>();
const count = (what: string, by = 1): void => void counts.set(what, (counts.get(what) ?? 0) + by);
let failing = 0;
for (let seed = from; seed < to; seed += 1) {
  const history = await simulate(seed, options);
  count("steps", history.steps);
  count("events", history.events);
  for (const struck of history.struck) count(`fault ${struck.split("@")[0]}`);
  for (const fault of history.pardoned) count(`known fault ${fault}`);
  if (history.broken.length > 0) {
    failing += 1;
    console.log(
      `seed ${seed}: ${report(values.faults === undefined ? await shrink(history, options) : asItIs(history))}\n`,
    );
  }
  if ((seed - from + 1) % 5_000 === 0) console.log(`${seed - from + 1} of ${to - from} histories, ${failing} broken`);
}
const seconds = (performance.now() - started) / 1000;
for (const [what, n] of [...counts].sort(([a], [b]) => a.localeCompare(b))) console.log(`${what.padEnd(32)}${n}`);
console.log(`${to - from} histories in ${seconds.toFixed(1)} s, ${failing} broken`);
process.exitCode = failing > 0 ? 1 : 0;

function listed(text: string): readonly string[] {
  return text.split(",").filter((part) => part !== "");
}

function asItIs(history: Awaited<ReturnType<typeof simulate>>): Parameters<typeof report>[0] {
  const operations = [...(options.operations ?? [])];
  return { history, faults: history.struck, operations, command: "(as asked)" };
}
