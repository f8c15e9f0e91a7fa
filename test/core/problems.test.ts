import { describe, expect, test } from "vitest";
import {
  blocks,
  delays,
  failures,
  type Problem,
  problemOf,
  refusals,
  skips,
  warnings,
  whoActs,
} from "../../core/problems.ts";

const chapters = { skips, refusals, blocks, delays, warnings, failures };
const entries = Object.values(chapters).flatMap((chapter) => Object.entries<Problem>(chapter));

describe("the catalogue", () => {
  test("has every code once", () => {
    expect(entries.length).toBeGreaterThan(60);
    expect(new Set(entries.map(([code]) => code)).size).toBe(entries.length);
    expect(entries.filter(([code, problem]) => problemOf(code) !== problem)).toEqual([]);
  });

  test("takes a code that it does not know for something unexpected", () => {
    expect(problemOf("from_a_newer_version")).toBe(failures.unexpected);
    expect(problemOf("toString")).toBe(failures.unexpected);
  });

  test("is written in whole sentences, its titles without a stop", () => {
    const sentence = /^[A-Z].*\.$/;
    const broken = entries.filter(
      ([, { title, effect, fix, meanwhile }]) =>
        title.endsWith(".") || ![effect, fix, meanwhile ?? "We do."].every((text) => sentence.test(text)),
    );
    expect(broken).toEqual([]);
  });

  test("keeps to the words that we agreed on", () => {
    const banned =
      /\b(sync|webhooks?|payload|CAPI|instance|entity|invalid|please|oops|successfully|sorry|failed to)\b|!/i;
    const found = entries.filter(([, problem]) => banned.test(Object.values(problem).join(" ")));
    expect(found.map(([code]) => code)).toEqual([]);
  });

  test("says what we do of everything that waits, and that it is us who do it", () => {
    const silent = [blocks, delays, warnings].flatMap((chapter) =>
      Object.entries<Problem>(chapter).filter(([, { meanwhile }]) => !meanwhile),
    );
    expect(silent).toEqual([]);
    const said = entries.flatMap(([code, { meanwhile }]) => (meanwhile ? [[code, meanwhile]] : []));
    expect(said.filter(([code, text]) => code !== "lease_lost" && !text?.startsWith("We "))).toEqual([]);
  });

  test("names somebody who acts", () => {
    expect(entries.filter(([, { acts }]) => !whoActs[acts])).toEqual([]);
  });
});
