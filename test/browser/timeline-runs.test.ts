import { expect, test } from "vitest";
import { type Step, timelineRuns } from "../../server/console/inspector/timeline-runs.ts";
import * as records from "./records.ts";

const flat = (timeline: readonly Step[]) =>
  timelineRuns(timeline).flatMap(({ first, folded, last }) => [first, ...folded, ...(last ? [last] : [])]);

test("many requests with the same answer are folded between the first and the last", () => {
  const { timeline } = records.outage();
  const runs = timelineRuns(timeline);
  expect(runs.map(({ first, folded, last }) => [first.what, folded.length, last?.what])).toEqual([
    ["changed", 0, undefined],
    ["kept", 0, undefined],
    ["request", 38, "request"],
  ]);
  expect(flat(timeline)).toEqual(timeline);
});

test("three alike are shown as they are, four have two folded", () => {
  const { timeline } = records.outage();
  expect(timelineRuns(timeline.slice(0, 5)).map(({ folded }) => folded.length)).toEqual([0, 0, 0, 0, 0]);
  expect(timelineRuns(timeline.slice(0, 6)).map(({ folded }) => folded.length)).toEqual([0, 0, 2]);
});

test("requests with different answers, and what lies between them, stay apart and in their order", () => {
  const { timeline } = records.refused();
  expect(timelineRuns(timeline)).toHaveLength(timeline.length);
  expect(flat(timeline)).toEqual(timeline);
});
