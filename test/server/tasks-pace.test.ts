import { expect, test } from "vitest";
import { paceOf } from "../../server/tasks/pace.ts";

const startedAt = new Date("2026-11-23T09:00:00Z");
const after = (ms: number): Date => new Date(startedAt.getTime() + ms);
const running = { state: "running", startedAt, total: 1_000, stoodMs: 0 } as const;

test("the rate and the time left are told once there is something to tell them from", () => {
  expect(paceOf({ ...running, done: 0, movedAt: after(60_000) })).toEqual({});
  expect(paceOf({ ...running, done: 50, movedAt: after(1_000) })).toEqual({});
  expect(paceOf({ ...running, done: 250, movedAt: after(10_000) })).toEqual({ perSecond: 25, leftMs: 30_000 });
});

test("the time in which it stood still does not make it slow", () => {
  const stood = { ...running, done: 250, movedAt: after(3_610_000), stoodMs: 3_600_000 };
  expect(paceOf(stood)).toEqual({ perSecond: 25, leftMs: 30_000 });
});

test("no time left is told of what waits, has ended, or has no known end", () => {
  const at = { ...running, done: 250, movedAt: after(10_000) };
  expect(paceOf({ ...at, why: "crm_limit" })).toEqual({ perSecond: 25 });
  expect(paceOf({ ...at, state: "done" })).toEqual({ perSecond: 25 });
  const { total: _, ...open } = at;
  expect(paceOf(open)).toEqual({ perSecond: 25 });
  expect(paceOf({ ...at, done: 1_100 }), "more than was thought").toMatchObject({ leftMs: 0 });
});
