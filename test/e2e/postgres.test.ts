// PostgreSQL of its own, stopped hard again and again under load. More often than in a test run:
//   POSTGRES_STOPS=200 npx vitest run test/e2e/postgres.test.ts
import { rm } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { startEmbedded } from "../../server/store/embedded/start.ts";
import { openStore } from "../../server/store/open.ts";
import { silent, temporaryFolder } from "../postgres.ts";
import { clusterOf, databasePid, databaseProcesses } from "./processes.ts";
import { until } from "./until.ts";
import { check } from "./workers/check.ts";
import { type Crew, startCrew } from "./workers/crew.ts";
import { startPushing } from "./workers/pushing.ts";
import { createWorld, settled, type World } from "./workers/world.ts";

const stops = Number(process.env.POSTGRES_STOPS ?? 4);
/** Immediate shutdown; the first process killed; all of them. After each it has to recover from its log. */
const manners = ["at once", "the first", "all"] as const;

test.runIf(process.platform === "linux")(
  `PostgreSQL stopped hard ${stops} times under load loses no acknowledged change, and the workers go on by themselves`,
  { timeout: (stops * 10 + 60) * 1_000 },
  async () => {
    const dataDir = await temporaryFolder();
    const server = await startEmbedded({ dataDir, log: silent });
    const store = await openStore(server.url, { log: silent, connections: 5 });
    const options = { accounts: 8, tenants: 4, everyMs: 100, leaseMs: 1_200, changes: (stops * 10 + 60) * 10 };
    const world = await createWorld({ ...options, connector: "http", store, url: server.url });
    let crew: Crew | undefined;
    const pushing = startPushing(world);
    try {
      crew = await startCrew(world, 2, () => ({}));
      const pauses: number[] = [];
      for (let stop = 0; stop < stops; stop += 1) {
        await written(world, "before it is stopped");
        await pause(Math.random() * 500); // the moment is what chance decides
        const stoppedAt = Date.now();
        await strike(manners[stop % manners.length] ?? "all", dataDir);
        await until("PostgreSQL runs again", () => databasePid(dataDir) !== undefined && answers(world));
        const upAt = Date.now();
        await written(world, "after it came back");
        pauses.push(Date.now() - upAt);
        expect(Date.now() - stoppedAt, "milliseconds until work went on").toBeLessThan(20_000);
      }
      const { acknowledged, repeated } = await pushing.end();
      await settled(world, crew);
      expect(crew.deaths(), crew.words().slice(-3000)).toBe(0);
      expect(await crew.stop()).toEqual([0, 0]);
      const { faults, counts } = await check(world);
      console.log(
        `stopped ${stops} times; writing again after ${pauses} ms; ${acknowledged} changes acknowledged, pushed again: ${repeated}`,
        counts,
      );
      expect(faults.slice(0, 20)).toEqual([]);
      expect(acknowledged).toBe(counts.changes);
      expect(repeated, "some pushes had to be repeated").toBeGreaterThan(0);
    } finally {
      await pushing.abandon();
      await crew?.abandon();
      await store.close();
      await world.close();
      await server.stop();
      await rm(dataDir, { recursive: true });
    }
  },
);

async function strike(manner: (typeof manners)[number], dataDir: string): Promise<void> {
  const first = databasePid(dataDir);
  if (first === undefined) throw new Error(`nobody serves ${clusterOf(dataDir)}`);
  if (manner === "at once") process.kill(first, "SIGQUIT");
  if (manner === "the first") process.kill(first, "SIGKILL");
  if (manner === "all") for (const pid of [first, ...databaseProcesses(dataDir)]) killQuietly(pid);
  await until("it is gone", () => !databaseProcesses(dataDir).includes(first));
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended with the one before it.
  }
}

/** Until a worker has written a page and the verdict on a request from now on. */
async function written(world: World, when: string): Promise<void> {
  const since = Date.now();
  for (const write of ["keep", "advance"])
    await until(`a worker's ${write} ${when}`, () =>
      world.journal().some((line) => line.what === "done" && line.write === write && line.at >= since),
    );
}

const answers = ({ parts: { store } }: World): Promise<boolean> =>
  store.pool.query("select 1").then(
    () => true,
    () => false,
  );
