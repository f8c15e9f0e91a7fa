import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Failure } from "../../core/errors.ts";

const Note = z.object({ pid: z.number(), url: z.url(), ingestKey: z.string().optional() });

/** The server that rows are pushed to. */
export interface Target {
  readonly url: string;
  readonly key: string;
  /** Stops it if it was started for this. */
  stop(): Promise<void>;
}

/** The running server of this data folder; where none runs, one is started for the time being. */
export async function findTarget(dataDir: string, say: (line: string) => void): Promise<Target> {
  const running = await living(dataDir);
  if (running) return { ...running, stop: async () => {} };
  say("No server is running here: starting one for the time being");
  const child = spawn(process.execPath, [join(import.meta.dirname, "../main.ts")], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, PORT: "0" },
  });
  const gone = new Promise<undefined>((resolve) => child.once("exit", () => resolve(undefined)));
  for (;;) {
    const found = await living(dataDir);
    if (found)
      return {
        ...found,
        stop: async () => {
          child.kill("SIGTERM");
          await gone;
        },
      };
    const pause = new Promise<"again">((resolve) => setTimeout(() => resolve("again"), 100));
    if ((await Promise.race([gone, pause])) !== "again")
      throw new Failure("config_invalid", "the server did not start; its reason is above");
  }
}

async function living(dataDir: string): Promise<{ url: string; key: string } | undefined> {
  const file = join(dataDir, "server.json");
  if (!existsSync(file)) return undefined;
  try {
    const { url, ingestKey } = Note.parse(JSON.parse(readFileSync(file, "utf8")));
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    return answer.ok && ingestKey ? { url, key: ingestKey } : undefined;
  } catch {
    return undefined; // left behind by a killed server, or not up yet
  }
}
