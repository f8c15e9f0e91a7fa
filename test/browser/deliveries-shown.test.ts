import { expect, test } from "vitest";
import { shown } from "../../server/console/deliveries/shown.ts";
import { listed, listing } from "./listed.ts";

const [one, two, three, four] = [listed(1), listed(2), listed(3), listed(4)];

test("rows come in the order in which they were read, each once", () => {
  const { rows } = shown([listing([one, two], { next: "x" }), listing([two, three])], undefined);
  expect(rows).toEqual([one, two, three]);
});

test("what is newer is counted and not shown; what changed is shown as it is now", () => {
  const now = { ...three, state: "refused" } as const;
  const { rows, fresh, freshAndMore, movedOn } = shown([listing([two, three])], listing([one, two, now]));
  expect(rows).toEqual([two, now]);
  expect([fresh, freshAndMore, movedOn.size]).toEqual([1, false, 0]);
});

test("where all that was read now is new there may be more", () => {
  expect(shown([listing([three, four])], listing([one, two], { next: "x" }))).toMatchObject({
    fresh: 2,
    freshAndMore: true,
  });
});

test("a row has moved on only where the newer reading would have shown it", () => {
  const moved = (newest: ReturnType<typeof listing>) => [...shown([listing([one, two, three, four])], newest).movedOn];
  expect(moved(listing([one, three], { next: "x" }))).toEqual([two.id]);
  expect(moved(listing([one, three]))).toEqual([two.id, four.id]);
  expect(moved(listing([], { next: "x", searchedTo: two.keptAt }))).toEqual([one.id]);
  expect(moved(listing([]))).toHaveLength(4);
});

test("older rows that come into the view are not taken for new ones", () => {
  expect(shown([listing([one, two])], listing([one, two, three])).fresh).toBe(0);
  expect(shown([listing([])], listing([three])).fresh).toBe(1);
});
