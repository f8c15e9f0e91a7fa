import { describe, expect, test } from "vitest";
import { blocks, delays, failures, type Problem, refusals, warnings } from "../../core/problems.ts";
import { stepsOf } from "../../core/steps.ts";

/** What can become a problem that somebody reads of. */
const crm = Object.fromEntries(Object.entries(failures).filter(([code]) => code.startsWith("crm_")));
const codes = Object.entries<Problem>({ ...blocks, ...delays, ...refusals, ...warnings, ...crm });

describe("the steps that mend a problem", () => {
  test("are told of everything that waits for its reader, and lead somewhere or say what to look at", () => {
    expect(codes.length).toBeGreaterThan(25);
    const yours = codes.filter(([, { acts, fix }]) => acts === "you" && !fix.startsWith("None"));
    expect(yours.length).toBeGreaterThan(8);
    expect(yours.filter(([code]) => stepsOf(code).length === 0)).toEqual([]);
  });

  test("are none where it passes by itself, and the fix of the catalogue where there is nothing more to say", () => {
    expect(stepsOf("meta_down")).toEqual([]);
    expect(stepsOf("meta_version")).toEqual([{ words: blocks.meta_version.fix }]);
    expect(stepsOf("from_a_newer_version")).toEqual([{ words: failures.unexpected.fix }]);
  });

  test("are whole sentences in the words that we agreed on", () => {
    const all = codes.flatMap(([code]) => stepsOf(code).map(({ words }) => words));
    expect(all.filter((words) => !/^[A-Z].*[.?]$/.test(words))).toEqual([]);
    expect(
      all.filter((words) => /\b(sync|webhook|payload|CAPI|invalid|please|oops|successfully)\b|!/i.test(words)),
    ).toEqual([]);
  });
});
