import { rm } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findOrStartVendors } from "../../server/simulated.ts";
import { isAlive, killProcess } from "../e2e/processes.ts";
import { until } from "../e2e/until.ts";
import { silent, temporaryFolder } from "../postgres.ts";

let dataDir: string;
let started: number | undefined;
beforeEach(async () => {
  dataDir = await temporaryFolder();
});
afterEach(async () => {
  killProcess(started);
  await rm(dataDir, { recursive: true });
});

test("simulated vendors that live are found again, and end with whoever started them", async () => {
  const first = await findOrStartVendors(dataDir, silent);
  started = first.addresses.pid;
  const again = await findOrStartVendors(dataDir, silent);
  expect([first.found, again.found, again.addresses]).toEqual([false, true, first.addresses]);
  again.stop();
  await until("they end", () => !isAlive(first.addresses.pid));
});

test("simulated vendors that have ended by themselves keep nobody from stopping", async () => {
  const vendors = await findOrStartVendors(dataDir, silent);
  started = vendors.addresses.pid;
  killProcess(started);
  // A process that we started ourselves is gone once its end has been taken note of.
  await until("nobody bears their number", () => {
    try {
      return !process.kill(vendors.addresses.pid, 0);
    } catch {
      return true;
    }
  });
  expect(() => vendors.stop()).not.toThrow();
});
