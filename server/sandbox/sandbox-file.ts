import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** `sandbox.json`: where the sandbox is, for whoever wants to talk to it, and for its next start to use the same ports. */
export interface SandboxFile {
  readonly pid: number;
  readonly control: string;
  readonly hubspot: string;
  readonly salesforce: string;
  /** Further hosts of Salesforce; absent in the file of a sandbox that had none yet. */
  readonly salesforceSecond?: string;
  readonly salesforceTest?: string;
  readonly meta: string;
  /** Absent in the file of a sandbox that had no mailbox yet. */
  readonly mail?: string;
}

/** Undefined when there is none that can be read: the sandbox then starts on free ports. */
export function readSandboxFile(path: string): SandboxFile | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as SandboxFile;
  } catch {
    return undefined; // the first start, or a file somebody spoiled: both are mended by writing it anew
  }
}

export function writeSandboxFile(path: string, content: SandboxFile): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(content, undefined, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** The sandbox that the file names, if it is alive: its control port answers with the same process id. */
export async function livingSandbox(path: string): Promise<SandboxFile | undefined> {
  const file = readSandboxFile(path);
  if (!file) return undefined;
  try {
    const answer = await fetch(`${file.control}/healthz`, { signal: AbortSignal.timeout(2000), redirect: "error" });
    const health: unknown = await answer.json();
    const pid = typeof health === "object" && health !== null ? Reflect.get(health, "pid") : undefined;
    return pid === file.pid ? file : undefined;
  } catch {
    return undefined; // nobody there, or somebody else on its port
  }
}

/**
 * Lets one process at a time start a sandbox in a folder; the others wait until it lives and are told where. The lock of a
 * dead process, or one older than ten seconds, is taken over. Gives the living sandbox, or what to call once started.
 */
export async function turnToStart(path: string): Promise<{ living: SandboxFile } | { started(): void }> {
  const lock = `${path}.lock`;
  mkdirSync(dirname(path), { recursive: true });
  for (let tries = 0; ; tries += 1) {
    const living = await livingSandbox(path);
    if (living) return { living };
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      return { started: () => rmSync(lock, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (tries >= 100 || !holderLives(lock)) rmSync(lock, { force: true });
      else await wait(100);
    }
  }
}

function holderLives(lock: string): boolean {
  try {
    const pid = Number(readFileSync(lock, "utf8"));
    if (pid === 0) return true; // made this instant, not yet written
    return pid !== process.pid && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // somebody else's process; any other error: it or the lock is gone
  }
}
