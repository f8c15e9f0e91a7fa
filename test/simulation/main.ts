import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { bugs } from "./bugs.ts";
import { keepHistory } from "./kept.ts";
import { report, shrink } from "./shrink.ts";
import { type SimulateOptions, simulate } from "./simulate.ts";

/**
 * `node test/simulation/main.ts --seeds 50000 [--from 0] [--threads 2] [--keep]` lives through many histories; `--keep` writes
 * what breaks into `kept/`, to be lived through again for ever. `--seed 7` lives through one, with `--operations`, `--faults`
 * and `--bug` as a report names them.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "2000" },
    from: { type: "string", default: "0" },
    threads: { type: "string", default: "1" },
    keep: { type: "boolean", default: false },
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

/** What a stretch of histories came to. */
interface Tally {
  readonly counts: Map<string, number>;
  failing: number;
}

const started = performance.now();
const threads = Number(values.threads);
const tally = threads > 1 && isMainThread ? await shared() : await histories();
if (isMainThread) {
  const seconds = (performance.now() - started) / 1000;
  for (const [what, n] of [...tally.counts].sort(([a], [b]) => a.localeCompare(b)))
    console.log(`${what.padEnd(36)}${n}`);
  console.log(`${to - from} histories in ${seconds.toFixed(1)} s, ${tally.failing} broken`);
  process.exitCode = tally.failing > 0 ? 1 : 0;
} else parentPort?.postMessage(tally);

async function histories(): Promise<Tally> {
  const counts = new Map<string, number>();
  const count = (what: string, by = 1): void => void counts.set(what, (counts.get(what) ?? 0) + by);
  let failing = 0;
  for (let seed = from; seed < to; seed += 1) {
    const history = await simulate(seed, options);
    count("steps", history.steps);
    count("events", history.events);
    for (const struck of history.struck) count(`fault ${struck.split("@")[0]}`);
    for (const [what, n] of history.seen) count(what, n);
    if (history.broken.length > 0) {
      failing += 1;
      const shrunk = values.faults === undefined ? await shrink(history, options) : asItIs(history);
      console.log(`seed ${seed}: ${report(shrunk)}\n`);
      if (values.keep && !bug) console.log(`kept as ${keepHistory(shrunk, options)}\n`);
    }
    if ((seed - from + 1) % 5_000 === 0) console.log(`${seed - from + 1} of ${to - from} histories, ${failing} broken`);
  }
  return { counts, failing };
}

/** The same, in equal parts at the same time. */
async function shared(): Promise<Tally> {
  const each = Math.ceil((to - from) / threads);
  const parts = Array.from({ length: threads }, (_, n) => {
    const [first, last] = [from + n * each, Math.min(to, from + (n + 1) * each)];
    const span = ["--from", String(first), "--seeds", String(last - first)];
    const rest = [...(bug ? ["--bug", bug.name] : []), ...(values.keep ? ["--keep"] : [])];
    return new Promise<Tally>((resolve, reject) => {
      new Worker(import.meta.filename, { argv: [...span, ...rest] }).once("message", resolve).once("error", reject);
    });
  });
  const all = await Promise.all(parts);
  const counts = new Map<string, number>();
  for (const part of all) for (const [what, n] of part.counts) counts.set(what, (counts.get(what) ?? 0) + n);
  return { counts, failing: all.reduce((sum, { failing }) => sum + failing, 0) };
}

function listed(text: string): readonly string[] {
  return text.split(",").filter((part) => part !== "");
}

function asItIs(history: Awaited<ReturnType<typeof simulate>>): Parameters<typeof report>[0] {
  const operations = [...(options.operations ?? Array.from({ length: history.operations }, (_, n) => n))];
  return { history, faults: history.struck, operations, command: "(as asked)" };
}
