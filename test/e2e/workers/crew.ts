import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../until.ts";
import type { Orders, Place } from "./worker.ts";

/** A worker process that is ready to begin. */
interface Spare {
  readonly process: ChildProcess;
  readonly ready: Promise<void>;
}

/** Several workers at a time; whoever dies is replaced at once by one that was standing by. */
export interface Crew {
  /** Kills one and says whether there was anybody to kill. */
  kill(slot: number): boolean;
  /** Lets one that is stopped go on. */
  wake(pid: number): void;
  /** How many died at work; throws when one could not be replaced. */
  deaths(): number;
  /** Lets all finish what they are at; gives their exit codes. */
  stop(): Promise<readonly (number | null)[]>;
  /** Ends all at once. */
  abandon(): Promise<void>;
  /** What they said, in all their lives. */
  words(): string;
}

const script = join(import.meta.dirname, "worker.ts");

/**
 * @param slots workers at a time
 * @param orders asked for the next one that begins
 */
export async function startCrew(
  { place, folder }: { readonly place: Place; readonly folder: string },
  slots: number,
  orders: () => Orders,
): Promise<Crew> {
  const output = join(folder, "workers.log");
  const working: (ChildProcess | undefined)[] = [];
  const all = new Set<ChildProcess>();
  const standby: Spare[] = [];
  let stopping = false;
  let deaths = 0;

  const recruit = (): Spare => {
    const file = openSync(output, "a");
    const child = spawn(process.execPath, [script, JSON.stringify(place)], {
      // Compiled once for all of them.
      env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") },
      stdio: ["ignore", file, file, "ipc"],
    });
    closeSync(file);
    all.add(child);
    const ready = new Promise<void>((resolve, reject) => {
      child.once("message", () => resolve());
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        all.delete(child);
        reject(
          stopping
            ? new Error("it is over")
            : new Error(`a worker ended before it was ready: ${code ?? signal}\n${words()}`),
        );
      });
    });
    ready.catch(() => {}); // whoever waits for it hears of it
    return { process: child, ready };
  };
  const fill = async (slot: number): Promise<void> => {
    const spare = standby.shift() ?? recruit();
    standby.push(recruit());
    await spare.ready;
    if (stopping) return;
    spare.process.once("exit", () => {
      deaths += 1;
      working[slot] = undefined;
      if (!stopping) fill(slot).catch(failed);
    });
    spare.process.send(orders());
    working[slot] = spare.process;
  };
  let failure: unknown;
  const failed = (error: unknown): void => {
    if (!stopping) failure ??= error;
  };
  const words = (): string => readFileSync(output, "utf8");
  const gone = async (): Promise<void> => {
    await until(
      () => `all workers end:\n${words().slice(-2000)}`,
      () => all.size === 0,
    );
  };
  const abandon = (): void => {
    stopping = true;
    for (const child of all) child.kill("SIGKILL");
  };
  process.once("exit", abandon);

  standby.push(...Array.from({ length: slots }, recruit));
  await Promise.all(Array.from({ length: slots }, (_, slot) => fill(slot)));
  return {
    kill(slot) {
      if (failure) throw failure;
      return working[slot]?.kill("SIGKILL") ?? false;
    },
    wake: (pid) => void working.find((child) => child?.pid === pid)?.kill("SIGCONT"),
    deaths() {
      if (failure) throw failure;
      return deaths;
    },
    async stop() {
      if (failure) throw failure;
      stopping = true;
      const last = working.flatMap((child) => child ?? []);
      for (const child of all) if (!last.includes(child)) child.kill("SIGKILL");
      for (const child of last) child.send("stop");
      await gone();
      process.off("exit", abandon);
      return last.map(({ exitCode }) => exitCode);
    },
    async abandon() {
      abandon();
      await gone();
      process.off("exit", abandon);
    },
    words,
  };
}
