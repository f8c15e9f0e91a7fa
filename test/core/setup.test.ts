import { expect, test } from "vitest";
import { currentStep, type SetupFacts, stepsOf } from "../../core/setup.ts";

const crm = { crmName: "HubSpot", name: "acme.example", wasRead: true, read: 1280, live: false };
const dataset = { name: "Leads", chosen: true };
const mapping = { sent: 5, stages: 7, byPerson: true };
const states = (facts: SetupFacts) => stepsOf(facts).map(({ state }) => state);
const step = (facts: SetupFacts, name: string) => stepsOf(facts).find((one) => one.step === name);

test("each step waits for those before it, and the first that is not done is the one to do", () => {
  const along: readonly SetupFacts[] = [
    {},
    { crm },
    { crm, dataset },
    { crm, dataset, mapping: { ...mapping, byPerson: false } },
    { crm, dataset, mapping },
    { crm, dataset, mapping, preview: "skipped" },
    { crm: { ...crm, live: true }, dataset, mapping, preview: "tested" },
  ];
  expect(along.map((facts) => currentStep(stepsOf(facts)))).toEqual([
    "crm",
    "meta",
    "mapping",
    "mapping",
    "preview",
    "live",
    undefined,
  ]);
  expect(states({})).toEqual(["todo", "todo", "blocked", "blocked", "blocked"]);
  expect(states(along[5] ?? {})).toEqual(["done", "done", "done", "done", "todo"]);
});

test("the preview may be left out; it holds up nobody who goes live without it", () => {
  expect(states({ crm, dataset, mapping })).toEqual(["done", "done", "done", "todo", "todo"]);
  expect(step({ crm: { ...crm, live: true }, dataset, mapping }, "preview")).toMatchObject({ state: "done" });
});

test("what turned red after it was done says why, how it is mended, and keeps nobody's step green behind it", () => {
  const lost = { ...crm, why: "crm_disconnected" };
  expect(step({ crm: lost, dataset, mapping }, "crm")).toMatchObject({ state: "attention" });
  expect(step({ crm: lost, dataset, mapping }, "crm")?.fix).not.toBe("");
  expect(step({ crm: lost, dataset, mapping }, "live")).toMatchObject({ state: "blocked" });
  const refused = { crm: { ...crm, live: true }, dataset: { ...dataset, why: "meta_token" }, mapping };
  expect(step(refused, "meta")).toMatchObject({ state: "attention" });
  expect(step(refused, "live")).toMatchObject({ state: "attention", words: expect.stringMatching(/^Live, but Leads/) });
});

test("a mapping of which nothing is sent is red, and a suggestion is one to be saved", () => {
  expect(step({ crm, dataset, mapping: { ...mapping, sent: 0 } }, "mapping")).toMatchObject({ state: "attention" });
  expect(step({ crm, dataset, mapping: { ...mapping, byPerson: false } }, "mapping")).toMatchObject({
    state: "todo",
    words: "5 of 7 stages are sent if you save the suggestion, which follows the stages' names.",
  });
  expect(step({ crm, dataset, mapping: { ...mapping, sent: 1 } }, "mapping")?.words).toBe("1 of 7 stages is sent.");
});
