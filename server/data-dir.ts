import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../core/errors.ts";

/** @throws Failure `config_invalid` when the data folder belongs to a server that lives */
export async function refuseSecond(dataDir: string): Promise<void> {
  const note = join(dataDir, "server.json");
  if (!existsSync(note)) return;
  const { url } = JSON.parse(readFileSync(note, "utf8")) as { url: string };
  const living = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) }).then(
    (answer) => answer.ok,
    () => false, // left behind by a server that was killed
  );
  if (living)
    throw new Failure("config_invalid", `${url} already serves ${dataDir}; stop it first, or set another DATA_DIR`);
}

/** A file that only its owner may read. */
export function writePrivate(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
  chmodSync(file, 0o600); // a file that was there keeps its mode otherwise
}
