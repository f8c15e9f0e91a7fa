import { graphError } from "./errors.ts";

/**
 * Graph versions served on the day this was written: v21.0 to v26.0; v20.0 ended on 2026-09-24. One that Meta never
 * published is no known path. https://developers.facebook.com/docs/graph-api/changelog/versions
 */
const OLDEST = 21;
const NEWEST = 26;

/** `version` as in the path, without its v: `26.0`. A path without a version is served by the oldest. */
export function checkVersion(version: string | undefined, retired: readonly number[]): void {
  if (version === undefined) return;
  const major = Number(/^(\d+)\.0$/.exec(version)?.[1] ?? 0);
  if (major < 1 || major > NEWEST) throw graphError("unknownPath", `Unknown path components: /v${version}`);
  if (major < OLDEST || retired.includes(major)) throw graphError("retired");
}
