import { expect, test } from "vitest";
import { refusals, skips } from "../../core/problems.ts";
import { hasTaken, type Loss, lossesAfter, lossesAt, type Whereabouts, waySteps } from "../../core/way.ts";

const outcomes: readonly Whereabouts[] = [
  { state: "accepted", reason: null },
  { state: "waiting", reason: null },
  ...(Object.keys(skips) as Loss[]).map((reason): Whereabouts => ({ state: "not_sent", reason })),
  ...(Object.keys(refusals) as Loss[]).map((reason): Whereabouts => ({ state: "refused", reason })),
];

test("whoever took a step took all those before it", () => {
  for (const outcome of outcomes) {
    const taken = waySteps.map((step) => hasTaken(step, outcome));
    expect([outcome, taken]).toEqual([outcome, taken.toSorted((a, b) => Number(b) - Number(a))]);
  }
});

test("every reason leaves a change behind at one step, and what was there before going live is on none", () => {
  const all = [...waySteps.flatMap(lossesAt), ...lossesAt("earlier")];
  expect(all.toSorted()).toEqual([...Object.keys(skips), ...Object.keys(refusals)].toSorted());
  for (const reason of lossesAt("earlier")) expect(hasTaken("read", { state: "not_sent", reason })).toBe(false);
  expect(lossesAfter("accepted")).toEqual([]);
});

test("who is not sent was never sent, who is refused was at least matched, and who waits may still be sent", () => {
  for (const { state, reason } of outcomes) {
    if (state === "not_sent") expect([reason, hasTaken("identified", { state, reason })]).toEqual([reason, false]);
    if (state === "refused") expect([reason, hasTaken("identified", { state, reason })]).toEqual([reason, true]);
    expect([reason, hasTaken("accepted", { state, reason })]).toEqual([reason, state === "accepted"]);
  }
  expect(waySteps.filter((step) => hasTaken(step, { state: "waiting", reason: null })).at(-1)).toBe("identified");
});
