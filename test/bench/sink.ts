import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A Meta that reads whole requests and says yes at once, in a process of its own so that its work is not counted as ours.
 * Run as a program it is the sink; imported it starts one.
 */
if (process.argv[1] === import.meta.filename) {
  const delayMs = Number(process.argv[2] ?? 0);
  const server = createServer((request, response) => {
    request.on("data", () => {});
    request.on("end", () =>
      setTimeout(() => response.end('{"events_received":1000,"messages":[],"fbtrace_id":"A"}'), delayMs),
    );
    response.setHeader("content-type", "application/json");
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
  process.on("disconnect", () => process.exit());
}

export interface Sink {
  readonly origin: string;
  stop(): void;
}

export async function startSink(delayMs = 0): Promise<Sink> {
  const child: ChildProcess = spawn(process.execPath, [import.meta.filename, String(delayMs)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (message) => resolve(Number(message)));
    child.once("exit", (code) => reject(new Error(`the sink ended with ${code}`)));
  });
  return { origin: `http://127.0.0.1:${port}`, stop: () => child.kill() };
}
