import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbedded } from "../server/store/embedded/start.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the run's one PostgreSQL lives; whoever needs it first starts it. */
    readonly postgresDir: string;
  }
}

const silent = { info: () => {}, warn: () => {}, error: () => {} };

let dir: string;

/** One PostgreSQL for the whole run, started by the first test file that asks for a database, stopped here at the end. */
export async function setup(project: TestProject): Promise<void> {
  dir = await mkdtemp(join(tmpdir(), "stagewire-tests-"));
  await chmod(dir, 0o711);
  project.provide("postgresDir", dir);
}

export async function teardown(): Promise<void> {
  if (existsSync(join(dir, "postgres"))) await (await startEmbedded({ dataDir: dir, log: silent })).stop();
  await rm(dir, { recursive: true });
}
