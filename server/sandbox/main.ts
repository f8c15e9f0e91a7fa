/** `node server/sandbox/main.ts`: the simulated vendors in a process of their own. DATA_DIR, SANDBOX_PORT. */
import { join, resolve } from "node:path";
import { readSandboxFile, turnToStart, writeSandboxFile } from "./sandbox-file.ts";
import { type PartName, startSandbox } from "./start.ts";

const dir = resolve(process.env.DATA_DIR || "data", "sandbox");
const path = join(dir, "sandbox.json");
/** In the order of their ports. */
const PARTS: readonly PartName[] = [
  ...(["control", "hubspot", "salesforce", "meta", "mail"] as const),
  ...(["salesforceTest", "salesforceSecond"] as const),
];

process.stdout.on("error", () => {}); // whoever started us may be gone and nobody read on: that must not end us
process.stderr.on("error", () => {});

const turn = await turnToStart(path);
if ("living" in turn) {
  console.log(`The sandbox is running already: ${turn.living.control}`);
} else {
  try {
    await start();
  } finally {
    turn.started();
  }
}

async function start(): Promise<void> {
  const sandbox = await startSandbox({ dir, ...wishedPorts() });
  const { simulators: _simulators, close: _close, ...addresses } = sandbox;
  writeSandboxFile(path, { pid: process.pid, ...addresses });
  for (const part of PARTS) console.log(`${part.padEnd(16)} ${sandbox[part]}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void sandbox.close());
}

/** Those of the last run, so that addresses stored elsewhere stay true; SANDBOX_PORT and the following ones if it is set. */
function wishedPorts(): { ports: Partial<Record<PartName, number>>; fixed: readonly PartName[] } {
  const { SANDBOX_PORT } = process.env;
  if (SANDBOX_PORT) {
    const first = Number(SANDBOX_PORT);
    if (!Number.isInteger(first) || first < 1 || first > 65_529) throw new Error("SANDBOX_PORT must be a port number");
    return { ports: Object.fromEntries(PARTS.map((part, i) => [part, first + i])), fixed: ["control"] };
  }
  const before = readSandboxFile(path);
  const ports = PARTS.map((part) => [part, Number(/:(\d+)$/.exec(before?.[part] ?? "")?.[1] ?? 0)]);
  return { ports: Object.fromEntries(ports), fixed: [] };
}
