import { describe, expect, test } from "vitest";
import type { FunnelView } from "../../server/api/schema.ts";
import { funnelSteps } from "../../server/console/overview/funnel-steps.ts";

const funnel: FunnelView = {
  since: "2026-11-16T09:00:00Z",
  read: 100,
  notSent: [
    { reason: "too_old", title: "Too old", count: 5 },
    { reason: "stage_not_mapped", title: "Stage not mapped", count: 15 },
  ],
  waiting: 2,
  refused: 8,
  accepted: 70,
};

describe("the funnel's steps", () => {
  test("go from read over each loss, the largest first, to accepted", () => {
    expect(funnelSteps(funnel).map(({ kind, count, title }) => [kind, count, title])).toEqual([
      ["read", 100, undefined],
      ["not_sent", 15, "Stage not mapped"],
      ["not_sent", 5, "Too old"],
      ["for_meta", 80, undefined],
      ["waiting", 2, undefined],
      ["refused", 8, undefined],
      ["accepted", 70, undefined],
    ]);
  });

  test("let each loss end where what is left begins to be missing, down to what was accepted", () => {
    const steps = funnelSteps(funnel);
    const bars = steps.map(({ from, to }) => [from, to].map((share) => Math.round(share * 100)));
    expect(bars).toEqual([
      [0, 100],
      [85, 100],
      [80, 85],
      [0, 80],
      [78, 80],
      [70, 78],
      [0, 70],
    ]);
  });

  test("leave out what nothing was lost to, and keep the three totals when nothing was read", () => {
    const none = { ...funnel, read: 0, notSent: [], waiting: 0, refused: 0, accepted: 0 };
    expect(funnelSteps(none).map(({ kind, to }) => [kind, to])).toEqual([
      ["read", 0],
      ["for_meta", 0],
      ["accepted", 0],
    ]);
  });

  test("stay within the width when filled stages make more events than changes were read", () => {
    const steps = funnelSteps({ ...funnel, read: 10 });
    expect(Math.max(...steps.map(({ to }) => to))).toBe(1);
    expect(Math.min(...steps.map(({ from }) => from))).toBe(0);
  });
});
