import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { startEmbedded } from "../../server/store/embedded/start.ts";
import { silent, temporaryFolder } from "../postgres.ts";

const modes = ["the product", "the server", "everything at once", "one backend"] as const;
const rounds = 24;

/** Whoever works in the data directory: the server and its backends. */
const processesIn = (cluster: string): number[] =>
  readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      try {
        return pid > 0 && readlinkSync(`/proc/${pid}/cwd`) === cluster;
      } catch {
        return false; // Ended meanwhile.
      }
    });

const kill = (pid: number) => {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
};

function strike(mode: (typeof modes)[number], writer: ChildProcess, server: number, cluster: string): void {
  const backends = processesIn(cluster).filter((pid) => pid !== server);
  if (mode === "the product" || mode === "everything at once") writer.kill("SIGKILL");
  if (mode === "the server" || mode === "everything at once") kill(server);
  if (mode === "everything at once") backends.forEach(kill);
  if (mode === "one backend") kill(backends[Math.floor(Math.random() * backends.length)] ?? server);
}

describe.runIf(process.platform === "linux")("the embedded PostgreSQL under kill -9", () => {
  test(`loses no acknowledged row in ${rounds} rounds, and starts each time`, { timeout: 120_000 }, async () => {
    const dir = await temporaryFolder();
    const cluster = join(dir, "postgres");
    /** The rows that each round had acknowledged. */
    const acknowledged: { first: number; last: number }[] = [];
    let adopted = 0;
    for (let round = 0; round < rounds; round += 1) {
      const mode = modes[round % modes.length] ?? "the product";
      // Well above what the round before may have written without an answer.
      const first = (acknowledged.at(-1)?.last ?? 0) + 1000;
      const said = { first, last: first - 1 };
      acknowledged.push(said);
      const writer = spawn(process.execPath, [join(import.meta.dirname, "store-kill-writer.ts"), dir, String(first)]);
      const exited = once(writer, "exit");
      let words = "";
      writer.stderr.on("data", (text) => (words += text));
      const lines = createInterface({ input: writer.stdout });
      for await (const line of lines) {
        if (!line.startsWith("server")) {
          said.last = Number(line);
          continue;
        }
        const [, server, was] = line.split(" ");
        adopted += was === "true" ? 1 : 0;
        // The moment is the one thing here that is left to chance.
        void pause(20 + Math.random() * 250).then(() => strike(mode, writer, Number(server), cluster));
        void pause(2_000, undefined, { ref: false }).then(() => writer.kill("SIGKILL"));
      }
      await exited;
      expect(words, `round ${round}: ${mode}`).not.toMatch(/Failure|did not start|held by/);
    }
    const { url, stop } = await startEmbedded({ dataDir: dir, log: silent });
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    let total = 0;
    for (const { first, last } of acknowledged) {
      const { rows } = await client.query("select count(*)::int as n from acknowledged where n between $1 and $2", [
        first,
        last,
      ]);
      expect(rows[0].n).toBe(last - first + 1);
      total += rows[0].n;
    }
    await client.end();
    await stop();
    await rm(dir, { recursive: true });
    expect(total).toBeGreaterThan(rounds);
    expect(adopted).toBeGreaterThanOrEqual(rounds / modes.length - 1);
  });
});
