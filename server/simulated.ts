import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Failure } from "../core/errors.ts";
import type { Log } from "../core/ports.ts";

const Addresses = z.object({
  pid: z.number().int(),
  control: z.url(),
  hubspot: z.url(),
  /** login.salesforce.com, and the first org. */
  salesforce: z.url(),
  /** The My Domain of the second org. */
  salesforceSecond: z.url().optional(),
  /** test.salesforce.com, and the sandbox org. */
  salesforceTest: z.url().optional(),
  meta: z.url(),
  /** Where mail is caught. */
  mail: z.url().optional(),
});
/** Where the simulated vendors listen. */
export type Addresses = z.infer<typeof Addresses>;

export interface Simulated {
  /** They lived already. */
  readonly found: boolean;
  readonly addresses: Addresses;
  /** One of the back door's actions: what `POST <control>/<vendor>/<action>` answers. */
  act<Answer>(vendor: "hubspot" | "salesforce" | "meta", action: string, input: unknown): Promise<Answer>;
  /** Stops the vendors if it was us who started them, in this life or an earlier one. */
  stop(): void;
}

/**
 * The simulated vendors in a process of their own: found again when they live already, started otherwise. They outlive a
 * crash of ours, as real vendors would.
 *
 * @throws Failure `config_invalid` when they do not come up
 */
export async function findOrStartVendors(dataDir: string, log: Log): Promise<Simulated> {
  const dir = join(dataDir, "sandbox");
  const found = await living(dir);
  const addresses = found ?? (await start(dir, dataDir));
  log.info(found ? "Simulated vendors found again" : "Simulated vendors started", { pid: addresses.pid });
  return {
    found: found !== undefined,
    addresses,
    async act<Answer>(vendor: string, action: string, input: unknown): Promise<Answer> {
      const answer = await fetch(`${addresses.control}/${vendor}/${action}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(input),
      });
      if (!answer.ok)
        throw new Failure("input_invalid", `simulated ${vendor} refused "${action}": ${await answer.text()}`);
      return (await answer.json()) as Answer;
    },
    stop() {
      const child = join(dir, "child.pid");
      if (!existsSync(child) || readFileSync(child, "utf8") !== String(addresses.pid)) return;
      rmSync(child);
      try {
        process.kill(addresses.pid, "SIGTERM");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // else they have ended by themselves
      }
    },
  };
}

async function start(dir: string, dataDir: string): Promise<Addresses> {
  mkdirSync(dir, { recursive: true });
  const output = openSync(join(dir, "sandbox.log"), "a");
  const child = spawn(process.execPath, [join(import.meta.dirname, "sandbox/main.ts")], {
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: ["ignore", output, output],
    detached: true,
  });
  child.unref();
  const exited = new Promise<"exited">((resolve) => child.once("exit", () => resolve("exited")));
  writeFileSync(join(dir, "child.pid"), String(child.pid));
  const giveUpAt = performance.now() + 30_000;
  while (performance.now() < giveUpAt) {
    const addresses = await living(dir);
    if (addresses) return addresses;
    if ((await Promise.race([exited, pause(50)])) === "exited") break;
  }
  throw new Failure("config_invalid", `the simulated vendors did not start; see ${join(dir, "sandbox.log")}`);
}

async function living(dir: string): Promise<Addresses | undefined> {
  const file = join(dir, "sandbox.json");
  if (!existsSync(file)) return undefined;
  try {
    const addresses = Addresses.parse(JSON.parse(readFileSync(file, "utf8")));
    const answer = await fetch(`${addresses.control}/healthz`, { signal: AbortSignal.timeout(2_000) });
    const { pid } = (await answer.json()) as { pid?: number };
    return pid === addresses.pid ? addresses : undefined;
  } catch {
    return undefined; // nobody there, or somebody else on its port: start anew
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
