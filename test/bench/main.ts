import { availableParallelism, loadavg, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { claiming } from "./claiming.ts";
import { openings } from "./console.ts";
import { deliveries } from "./deliveries.ts";
import { fairness } from "./fairness.ts";
import { type Figure, met, round } from "./figure.ts";
import { flow } from "./flow.ts";
import { idle } from "./idle.ts";
import { lag } from "./lag.ts";
import { machine } from "./machine.ts";
import { mishaps } from "./mishaps.ts";
import { sending } from "./sending.ts";
import { stopServers } from "./server.ts";
import { tenants } from "./tenants.ts";

/** `npm run bench`: a table for people; `-- --json`: one line per figure for machines; `-- --only flow`: one part. */
const parts: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  machine,
  sending,
  mishaps,
  flow,
  lag,
  claim: claiming,
  idle,
  fairness,
  deliveries,
  tenants,
  console: openings,
};
const { json, only } = parseArgs({
  options: { json: { type: "boolean", default: false }, only: { type: "string", multiple: true } },
}).values;
for (const name of only ?? [])
  if (!Object.hasOwn(parts, name)) {
    console.error(`There is no part "${name}": ${Object.keys(parts).join(", ")}`);
    process.exit(1);
  }

if (!json) {
  const memory = Math.round(totalmem() / 2 ** 30);
  const machine = `${availableParallelism()} cores, ${memory} GB, ${process.platform}, Node ${process.version}`;
  console.log(`${machine}; load before we began: ${loadavg()[0]?.toFixed(1)}`);
  console.log(line("figure", "value", "unit", "target", ""));
}
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void stopServers().finally(() => process.exit(1)));
try {
  await runAll();
} finally {
  await stopServers();
}
process.exit(0);

async function runAll(): Promise<void> {
  for (const [name, part] of Object.entries(parts)) {
    if (only && !only.includes(name)) continue;
    const started = performance.now();
    const figures = await part();
    const seconds = Math.round((performance.now() - started) / 1000);
    if (!json) console.log(`\n${name} (${seconds} s)`);
    for (const figure of figures) show(name, figure);
  }
}

function show(part: string, figure: Figure): void {
  const { figure: name, unit, target, atMost } = figure;
  const skipped = figure.skipped ?? (Number.isNaN(figure.value) ? "cannot be measured here" : undefined);
  const value = round(figure.value);
  const ok = met(figure);
  if (json) {
    const measured = skipped === undefined ? { value, unit, target: target ?? null, met: ok } : { skipped };
    console.log(JSON.stringify({ part, figure: name, ...measured }));
  } else if (skipped !== undefined) console.log(line(name, "", `skipped: ${skipped}`, "", ""));
  else {
    const wanted = target === undefined ? "" : `${atMost ? "≤" : "≥"} ${round(target).toLocaleString("en")}`;
    console.log(line(name, value.toLocaleString("en"), unit, wanted, ok === null ? "" : ok ? "met" : "MISSED"));
  }
}

function line(figure: string, value: string, unit: string, target: string, verdict: string): string {
  return `${figure.padEnd(60)}${value.padStart(10)} ${unit.padEnd(15)}${target.padStart(10)}  ${verdict}`.trimEnd();
}
