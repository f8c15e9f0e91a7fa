import { expect, test } from "vitest";
import type { Overview } from "../../server/api/schema.ts";
import { deadlineOf } from "../../server/console/overview/dataset-deadline.ts";
import { paused, refusing, waiting } from "./overviews.ts";

const second = { id: "dst_2", metaId: "2", name: "Second", waiting: 5 };
const told = (overview: Overview): (string | undefined)[] => {
  const both = { ...overview, datasets: [second, ...overview.datasets] };
  return both.datasets.map((dataset) => deadlineOf(dataset, both));
};

test.each(Object.entries({ refusing, waiting, paused }))(
  "the state %s tells the deadline of the dataset it speaks of, and of no other",
  (_state, answer) => {
    const overview = answer();
    expect(overview.status.deadlineAt).toBeDefined();
    expect(told(overview)).toEqual([undefined, overview.status.deadlineAt]);
  },
);

test("the deadline of a CRM that is not read is no dataset's", () => {
  const { datasets, ...overview } = refusing();
  const free = datasets.map(({ pausedCode: _, pausedReason: __, ...dataset }) => dataset);
  expect(told({ ...overview, datasets: free })).toEqual([undefined, undefined]);
});
