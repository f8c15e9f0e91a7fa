import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type Figure, median } from "./figure.ts";
import { embeddedServer, freshDatabase, temporaryFolder } from "./server.ts";

const statements = 3_000;
const syncs = 200;

/** What this machine takes for the two things that everything here is made of: asking the database, and waiting for the disk. */
export async function machine(): Promise<readonly Figure[]> {
  const server = await embeddedServer();
  const database = await freshDatabase(server);
  const { pool } = database.store;
  try {
    const ask = () => pool.query({ name: "nothing", text: "select 1" });
    for (let n = 0; n < 500; n += 1) await ask();
    const [cpu, theirs, started] = [process.cpuUsage(), server.cpuUs() ?? Number.NaN, performance.now()];
    for (let n = 0; n < statements; n += 1) await ask();
    const ms = performance.now() - started;
    const { user, system } = process.cpuUsage(cpu);
    return [
      { figure: "an empty statement, there and back", value: (1000 * ms) / statements, unit: "µs" },
      { figure: "  node", value: (user + system) / statements, unit: "µs CPU" },
      {
        figure: "  PostgreSQL",
        value: ((server.cpuUs() ?? Number.NaN) - theirs) / statements,
        unit: "µs CPU",
      },
      { figure: "a page of 8 kB written and synced, p50", value: 1000 * median(syncTimes()), unit: "µs" },
    ];
  } finally {
    await database.drop();
    await server.stop();
  }
}

/** In milliseconds. */
function syncTimes(): readonly number[] {
  const folder = temporaryFolder();
  const file = openSync(join(folder, "file"), "w");
  const page = Buffer.alloc(8_192, 1);
  try {
    return Array.from({ length: syncs }, (_, n) => {
      const started = performance.now();
      writeSync(file, page, 0, page.length, n * page.length);
      fdatasyncSync(file);
      return performance.now() - started;
    });
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }
}
