import { parseArgs } from "node:util";
import { simulate } from "./simulate.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "2000" },
    from: { type: "string", default: "0" },
    seed: { type: "string" },
  },
});
const from = Number(values.seed ?? values.from);
const to = from + (values.seed ? 1 : Number(values.seeds));
const started = performance.now();
let steps = 0,
  events = 0,
  bad = 0;
for (let seed = from; seed < to; seed++) {
  const h = await simulate(seed);
  steps += h.steps;
  events += h.events;
  if (h.broken.length) {
    bad++;
    if (bad < 30) console.log(seed, h.broken[0], h.steps);
  }
}
console.log({ bad, steps, events, s: (performance.now() - started) / 1000 });
