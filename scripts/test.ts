import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * `npm test`: types, lint and format, unused code, then every test, browser and end-to-end ones included. With arguments
 * (`npm test -- test/core`) only those tests.
 */
const some = process.argv.slice(2);
if (some.length === 0)
  for (const [name, command, ...args] of [
    ["types", "tsc", "-p", "."],
    ["types of the console", "tsc", "-p", "server/console"],
    ["lint and format", "biome", "check", "."],
    ["unused code", "knip"],
  ] as const)
    step(name, command, args);

const folder = mkdtempSync(join(tmpdir(), "stagewire-test-"));
const report = join(folder, "report.json");
const { status } = run("vitest", [
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${report}`,
  ...some,
]);
const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, "utf8")) as Record<
  string,
  number
>;
rmSync(folder, { recursive: true });
console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
process.exit(status ?? 1);

function step(name: string, command: string, args: readonly string[]): void {
  const started = performance.now();
  const { status: code } = run(command, args);
  if (code !== 0) {
    console.log(`✗ ${name}`);
    process.exit(code ?? 1);
  }
  console.log(`✓ ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

function run(command: string, args: readonly string[]) {
  return spawnSync(command, args, { stdio: "inherit", shell: process.platform === "win32" });
}
