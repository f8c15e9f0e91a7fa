import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Log } from "../../../core/ports.ts";
import { type Account, reachable, serverAccount } from "./account.ts";
import { type Binaries, copyBinaries, findBinaries } from "./binaries.ts";

/** Everything about one embedded server that is settled before it starts. */
export interface Place {
  readonly account: Account | undefined;
  readonly binaries: Binaries;
  /** PostgreSQL's data directory. */
  readonly cluster: string;
  readonly passwordFile: string;
  readonly logFile: string;
}

/** Chooses where the server lives, so that the account it runs under can reach both its data and its programs. */
export function choosePlace(dataDir: string, log: Log): Place {
  const account = serverAccount();
  const root = reachableRoot(resolve(dataDir), account, log);
  let binaries = findBinaries();
  if (!binaries.complete || !reachable(binaries.folder, account))
    binaries = copyBinaries(binaries, join(root, `postgres-bin-${binaries.version}`));
  return {
    account,
    binaries,
    cluster: join(root, "postgres"),
    passwordFile: join(root, "postgres-password"),
    logFile: join(root, "postgres.log"),
  };
}

/** Root's home and the like cannot be entered by the server's account: then the data lives in the system's state folder. */
function reachableRoot(dataDir: string, account: Account | undefined, log: Log): string {
  // Without a mode: `recursive` would give it to every parent that it makes.
  mkdirSync(dataDir, { recursive: true });
  if (reachable(dataDir, account)) return dataDir;
  const name = `${basename(dirname(dataDir))}-${createHash("sha256").update(dataDir).digest("hex").slice(0, 12)}`;
  const elsewhere = join("/var/lib/stagewire", name);
  if (!existsSync("/var/lib/stagewire")) mkdirSync("/var/lib/stagewire", { mode: 0o755 });
  mkdirSync(elsewhere, { recursive: true, mode: 0o711 });
  log.warn("the data folder cannot be reached by PostgreSQL's account; its data lives elsewhere", {
    detail: elsewhere,
  });
  return elsewhere;
}
