import { spawnSync } from "node:child_process";
import { chownSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { Failure } from "../../../core/errors.ts";

/** The unprivileged account that PostgreSQL runs under; it refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** `undefined`: we are not root, PostgreSQL runs as ourselves. */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Failure(
    "config_invalid",
    "running as root, and there is no account `postgres` or `nobody` for PostgreSQL: run as another user or set DATABASE_URL",
  );
}

/** May the account walk to this existing path? Every folder on the way must let it pass. */
export function reachable(path: string, account: Account | undefined): boolean {
  if (!account) return true;
  for (let at = realpathSync(path); ; at = dirname(at)) {
    const { mode, uid, gid } = statSync(at);
    const may = uid === account.uid ? mode & 0o100 : gid === account.gid ? mode & 0o010 : mode & 0o001;
    if (!may) return false;
    if (at === dirname(at)) return true;
  }
}

export function give(path: string, account: Account | undefined): void {
  if (account) chownSync(path, account.uid, account.gid);
}
