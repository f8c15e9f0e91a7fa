// Runs before every npm script, on whatever Node (20 or newer) the machine has: installs the locked dependencies when they
// are missing or changed, and builds the console when its sources are newer than the build. Everything after it runs on the
// Node 24 that the platform package puts first in the scripts' PATH.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 20) fail(`Node ${process.versions.node} is too old: install Node 20 or newer and run the command again.`);

const stamp = "node_modules/.bootstrap";
const wanted = createHash("sha256")
  .update(readFileSync("package-lock.json"))
  .update(`${process.platform}-${process.arch}`)
  .digest("hex");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  console.log("Installing dependencies (once; about half a minute) …");
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  writeFileSync(stamp, wanted);
}

const node = existsSync("node_modules/.bin/node") ? "node_modules/.bin/node" : process.execPath;
const version = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim();
if (Number(version.slice(1).split(".")[0]) < 24)
  fail(
    `No Node 24 package exists for ${process.platform}-${process.arch}: install Node 24 or newer (found ${version}).`,
  );

const page = "dist/console/index.html";
if (
  existsSync("server/console/index.html") &&
  (!existsSync(page) || statSync(page).mtimeMs < newest("server/console"))
) {
  console.log("Building the console …");
  run(node, ["node_modules/vite/bin/vite.js", "build", "server/console", "--logLevel", "warn"]);
}

function newest(folder) {
  return Math.max(...readdirSync(folder, { recursive: true }).map((file) => statSync(join(folder, file)).mtimeMs));
}

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0) process.exit(status ?? 1);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
