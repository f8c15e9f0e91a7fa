import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A Meta that reads whole requests and says yes, in a process of its own so that its work is not counted as ours. Run as a
 * program it is the sink; imported it starts one.
 */
interface SinkOptions {
  /** How long every answer takes. */
  readonly delayMs?: number;
  /** One dataset, by Meta's number, whose answers take longer. */
  readonly slow?: { readonly metaId: string; readonly delayMs: number };
}

/** What it has cost and seen since it was asked last. */
export interface SinkReport {
  readonly cpuUs: number;
  readonly requests: number;
  readonly events: number;
  /** Requests that were there at the same time. */
  readonly mostInFlight: number;
}

export interface Sink {
  readonly origin: string;
  report(): Promise<SinkReport>;
  stop(): void;
}

if (process.argv[1] === import.meta.filename) serve(JSON.parse(process.argv[2] ?? "{}"));

export async function startSink(options: SinkOptions = {}): Promise<Sink> {
  const child: ChildProcess = spawn(process.execPath, [import.meta.filename, JSON.stringify(options)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (message) => resolve(Number(message)));
    child.once("exit", (code) => reject(new Error(`the sink ended with ${code}`)));
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    async report() {
      child.send("report");
      const [report] = await once(child, "message");
      return report as SinkReport;
    },
    stop: () => child.kill(),
  };
}

function serve({ delayMs = 0, slow }: SinkOptions): void {
  let [cpu, requests, events, inFlight, mostInFlight] = [process.cpuUsage(), 0, 0, 0, 0];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    inFlight += 1;
    mostInFlight = Math.max(mostInFlight, inFlight);
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const received = count(Buffer.concat(chunks), '"event_id"');
      requests += 1;
      events += received;
      const answer = (): void => void response.end(`{"events_received":${received},"messages":[],"fbtrace_id":"A"}`);
      const delay = slow && request.url?.includes(`/${slow.metaId}/`) ? slow.delayMs : delayMs;
      if (delay > 0) setTimeout(answer, delay);
      else answer();
    });
    response.on("close", () => {
      inFlight -= 1;
    });
    response.setHeader("content-type", "application/json");
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
  process.on("message", () => {
    const { user, system } = process.cpuUsage(cpu);
    process.send?.({ cpuUs: user + system, requests, events, mostInFlight } satisfies SinkReport);
    [cpu, requests, events, mostInFlight] = [process.cpuUsage(), 0, 0, inFlight];
  });
  process.on("disconnect", () => process.exit());
}

function count(body: Buffer, mark: string): number {
  let found = 0;
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length)) found += 1;
  return found;
}
