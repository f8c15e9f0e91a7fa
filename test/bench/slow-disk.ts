import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Every wait for the disk takes a millisecond longer, as on a network volume. */
const source = `#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
static int late(const char *name, int file) {
  struct timespec wait = {0, 1000000};
  nanosleep(&wait, 0);
  return ((int (*)(int))dlsym(RTLD_NEXT, name))(file);
}
int fsync(int file) { return late("fsync", file); }
int fdatasync(int file) { return late("fdatasync", file); }
`;

/** The library to load before PostgreSQL, made in this folder; or why there is none. */
export function slowDisk(folder: string): { library: string } | { missing: string } {
  if (process.platform !== "linux") return { missing: "only on Linux" };
  const [code, library] = [join(folder, "slow-disk.c"), join(folder, "slow-disk.so")];
  writeFileSync(code, source);
  const { status, error } = spawnSync("cc", ["-shared", "-fPIC", "-O1", "-o", library, code, "-ldl"]);
  if (status !== 0) return { missing: error ? "no C compiler" : "the C compiler failed" };
  chmodSync(library, 0o755);
  return { library };
}
