// Two worker processes on one PostgreSQL, killed again and again under load. As long as issue 3 asks for:
//   KILL_SECONDS=60 npx vitest run test/e2e/workers.test.ts
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { until } from "./until.ts";
import { check } from "./workers/check.ts";
import { startCrew } from "./workers/crew.ts";
import { points } from "./workers/points.ts";
import { startStorm } from "./workers/storm.ts";
import { settled, withWorld } from "./workers/world.ts";

const seconds = Number(process.env.KILL_SECONDS ?? 8);

test(`workers killed at ${points.length} named points and then for ${seconds} s lose nothing and change nothing`, {
  timeout: (seconds + 240) * 1_000,
}, async () => {
  await withWorld(
    { accounts: 16, tenants: 4, everyMs: 100, leaseMs: 2_500, changes: (seconds + 60) * 10 },
    async (world) => {
      const traps = [...points];
      const crew = await startCrew(world, 2, () => {
        const point = traps.shift();
        return point ? { traps: [{ point, nth: 1 + Math.floor(Math.random() * 3), signal: "SIGKILL" }] } : {};
      });
      try {
        const storm = startStorm(world);
        const hit = (): readonly string[] =>
          world.journal().flatMap((line) => (line.what === "crashes" ? [line.point] : []));
        await until(
          () => `a worker died at every named point; not at ${points.filter((point) => !hit().includes(point))}`,
          () => crew.deaths() >= points.length && hit().length === points.length,
          120_000,
        );
        for (const endsAt = Date.now() + seconds * 1_000; Date.now() < endsAt; ) {
          // The moment is what chance decides.
          await pause(200 + Math.random() * 200);
          const whom = Math.floor(Math.random() * 3);
          if (whom !== 1) crew.kill(0);
          if (whom !== 0) crew.kill(1);
        }
        await storm.end();
        await settled(world, crew);
        expect(await crew.stop(), crew.words().slice(-3000)).toEqual([0, 0]);
        const { faults, counts } = await check(world);
        console.log(`${crew.deaths()} workers killed, ${new Set(hit()).size} named points`, counts);
        expect(faults.slice(0, 20)).toEqual([]);
        expect(new Set(hit())).toEqual(new Set(points));
        expect(counts["received again"], "some were sent twice").toBeGreaterThan(0);
      } finally {
        await crew.abandon();
      }
    },
  );
});

test("the same check notices workers that settle before they send", { timeout: 60_000 }, async () => {
  await withWorld({ accounts: 6, tenants: 2, everyMs: 100, leaseMs: 1_200, changes: 400 }, async (world) => {
    let deaths = 3;
    const crew = await startCrew(world, 1, () => {
      deaths -= 1;
      const traps = deaths >= 0 ? [{ point: "send:before", nth: 1, signal: "SIGKILL" } as const] : [];
      return { traps, fault: "settles before it sends" };
    });
    try {
      await until("three workers died between settling and sending", () => crew.deaths() === 3);
      await settled(world, crew);
      await crew.stop();
      const { faults } = await check(world);
      expect(faults.filter((fault) => fault.startsWith("lost")).length, faults.join("\n")).toBeGreaterThan(0);
    } finally {
      await crew.abandon();
    }
  });
});
