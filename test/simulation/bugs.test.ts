import { expect, test } from "vitest";
import { bugs } from "./bugs.ts";
import { shrink } from "./shrink.ts";
import { type History, simulate } from "./simulate.ts";

async function findBug(bug: (typeof bugs)[number]): Promise<History | undefined> {
  for (let seed = 0; seed < 1_000; seed += 1) {
    const history = await simulate(seed, { bug });
    if (history.broken.length > 0) return history;
  }
  return undefined;
}

test("there are enough bugs to believe in it, each under a name of its own", () => {
  expect(new Set(bugs.map(({ name }) => name)).size).toBeGreaterThanOrEqual(25);
});

for (const bug of bugs)
  test(`would notice if ${bug.name}`, async () => {
    const history = await findBug(bug);
    const [broken] = history?.broken ?? [];
    console.log(`${bug.name}: seed ${history?.seed}, ${broken?.invariant}: ${broken?.what}`);
    expect(broken).toBeDefined();
  });

test("a broken history is shrunk to a few operations, and its command shows it again", async () => {
  const bug = bugs.find(({ name }) => name === "rings are deleted before they are answered");
  const history = bug && (await findBug(bug));
  if (!history) throw new Error("the bug was not found");
  const { operations, faults, history: least } = await shrink(history, { bug });
  expect(operations.length).toBeLessThanOrEqual(5);
  expect(faults.length).toBeLessThanOrEqual(5);
  expect(least.broken[0]?.invariant).toBe(history.broken[0]?.invariant);
  const again = await simulate(history.seed, { bug, operations: new Set(operations), faults: new Set(faults) });
  expect(again.trace).toBe(least.trace);
  expect((await simulate(history.seed, { operations: new Set(operations), faults: new Set(faults) })).broken).toEqual(
    [],
  );
});
