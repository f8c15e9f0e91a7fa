import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../../core/errors.ts";
import { give } from "./account.ts";
import { program } from "./binaries.ts";
import type { Place } from "./place.ts";

export const owner = "stagewire";

/** Makes the data directory once and gives back the owner's password. */
export function prepareCluster(place: Place): string {
  const made = existsSync(join(place.cluster, "PG_VERSION"));
  if (made && !existsSync(place.passwordFile))
    throw new Failure(
      "config_invalid",
      `${place.passwordFile} is missing: restore it, the database opens with nothing else`,
    );
  // The password is on disk before the cluster is: a cluster without its password would be lost.
  const password = readPassword(place.passwordFile);
  if (!made) initCluster(place, password);
  return password;
}

function readPassword(file: string): string {
  try {
    writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx", flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const password = readFileSync(file, "utf8");
  if (password) return password;
  // Cut short by a crash before the cluster was made.
  rmSync(file);
  return readPassword(file);
}

/** Made beside its place and moved there when whole, so that a killed initdb leaves nothing that looks like a cluster. */
function initCluster(place: Place, password: string): void {
  const draft = `${place.cluster}-draft-${process.pid}`;
  const secret = `${draft}.secret`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  give(draft, place.account);
  try {
    writeFileSync(secret, password, { mode: 0o600 });
    give(secret, place.account);
    const { status, stderr, error } = spawnSync(
      program(place.binaries, "initdb"),
      [
        "-D",
        draft,
        "-U",
        owner,
        "-A",
        "scram-sha-256",
        `--pwfile=${secret}`,
        "-E",
        "UTF8",
        "--locale=C",
        "--no-instructions",
      ],
      { ...place.account, cwd: draft, encoding: "utf8" },
    );
    if (status !== 0)
      throw new Failure("store_unavailable", `initdb failed: ${error?.message ?? stderr.trim().slice(-500)}`);
    renameSync(draft, place.cluster);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another process made the cluster meanwhile, with the same password: use that one.
    if (!existsSync(join(place.cluster, "PG_VERSION"))) throw error;
  } finally {
    rmSync(secret, { force: true });
  }
}
