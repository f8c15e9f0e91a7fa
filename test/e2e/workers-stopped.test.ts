import { expect, test } from "vitest";
import { until } from "./until.ts";
import type { Fault } from "./workers/broken.ts";
import { check, type Report } from "./workers/check.ts";
import { startCrew } from "./workers/crew.ts";
import type { Line } from "./workers/journal.ts";
import { settled, withWorld } from "./workers/world.ts";

/** Before the write that its sleep makes void: a page, the verdict on a request (which leaves late as well), a release. */
const points = ["keep:before", "send:before", "release send:before"];

test("a worker that slept through its lease sends the same ids again, and nothing that it writes is taken", {
  timeout: 90_000,
}, async () => {
  const { report, late } = await sleepers(points);
  expect(report.faults).toEqual([]);
  expect(late.map(({ what }) => what)).toEqual(points.map(() => "void"));
  expect(report.counts["received again"], "what was sent late was there already").toBeGreaterThan(0);
});

test("the same check notices a worker that asks for the token anew", { timeout: 90_000 }, async () => {
  const { report } = await sleepers(["send:before"], "asks for the token anew");
  expect(report.faults.filter((fault) => fault.startsWith("stale")).length, report.faults.join("\n")).toBeGreaterThan(
    0,
  );
});

/**
 * Two workers on one account. At each point the first to come there is stopped; its lease ends, the other takes over and is
 * stopped as well, right at the same work; then the first wakes, and later the other.
 *
 * @returns what became of the first write that each sleeper began after it woke
 */
async function sleepers(at: readonly string[], fault?: Fault): Promise<{ report: Report; late: readonly Line[] }> {
  // So slow that nobody is refused before the end: the request that leaves late is one that Meta takes.
  return await withWorld({ accounts: 1, tenants: 1, everyMs: 200, leaseMs: 1_500, changes: 1_000 }, async (world) => {
    const traps = at.map((point) => ({ point, nth: 1, signal: "SIGSTOP" }) as const);
    const crew = await startCrew(world, 2, () => ({ traps, ...(fault && { fault }) }));
    const late: Line[] = [];
    try {
      for (const point of at) {
        const stops = (): readonly Line[] =>
          world.journal().filter((line) => line.what === "stops" && line.point === point);
        const [first, second] = await until(`both are stopped at ${point}`, () => {
          const [one, other] = stops();
          return one && other && ([one.pid, other.pid] as const);
        });
        const wake = async (pid: number): Promise<Line> =>
          await until(`the late write after ${point} is answered`, () => {
            const journal = world.journal().filter((line) => line.pid === pid);
            const woken = journal.findIndex((line) => line.what === "goes on" && line.point === point);
            // It says that it stops just before it does: whoever wakes it once may be too early.
            if (woken < 0) crew.wake(pid);
            const kind = point.startsWith("keep") ? "read" : "send";
            return (
              woken >= 0 &&
              journal
                .slice(woken)
                .find((line) => (line.what === "void" || line.what === "done") && line.lane.startsWith(kind))
            );
          });
        late.push(await wake(first));
        await wake(second);
      }
      await settled(world, crew);
      await crew.stop();
      return { report: await check(world), late };
    } finally {
      await crew.abandon();
    }
  });
}
