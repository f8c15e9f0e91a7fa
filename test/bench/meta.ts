import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createMeta } from "../../server/sandbox/meta/index.ts";
import type { Simulator } from "../../server/sandbox/simulator.ts";
import { startSandbox } from "../../server/sandbox/start.ts";
import { temporaryFolder } from "./server.ts";

/** The sandbox's Meta, in a process of its own, with two mishaps on the way of every dataset. Run as a program it is that Meta. */
export interface SimulatedMeta {
  readonly origin: string;
  /** An action of the back door. */
  act<Answer>(action: string, input: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

/** Of a dataset's requests with events: the one that is answered by HTTP 500, and the one that is taken but never answered. */
const failing = 3;
const unanswered = 6;

if (process.argv[1] === import.meta.filename) await serve(process.argv[2] ?? "");

export async function startMeta(): Promise<SimulatedMeta> {
  const dir = temporaryFolder();
  const child: ChildProcess = spawn(process.execPath, [import.meta.filename, dir], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [{ meta, control }] = (await once(child, "message")) as [{ meta: string; control: string }];
  return {
    origin: meta,
    async act<Answer>(action: string, input: unknown) {
      const answer = await fetch(`${control}/meta/${action}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(input),
      });
      if (!answer.ok) throw new Error(`the simulated Meta refused "${action}": ${await answer.text()}`);
      return (await answer.json()) as Answer;
    },
    async stop() {
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function serve(dir: string): Promise<void> {
  const { meta, control } = await startSandbox({
    dir,
    simulators: { meta: (options) => unlucky(createMeta(options)) },
  });
  process.on("disconnect", () => process.exit());
  process.send?.({ meta, control });
}

function unlucky(meta: Simulator): Simulator {
  const requests = new Map<string, number>();
  return {
    ...meta,
    handle(request, response) {
      const dataset = /\/(\d+)\/events/.exec(request.url ?? "")?.[1];
      const number = (requests.get(dataset ?? "") ?? 0) + 1;
      if (dataset) requests.set(dataset, number);
      if (dataset && number === failing) meta.actions.fault?.({ status: 500, times: 1 });
      if (dataset && number === unanswered) meta.actions.fault?.({ dropAnswer: true, times: 1 });
      return meta.handle(request, response);
    },
  };
}
