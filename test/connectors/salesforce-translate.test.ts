import { describe, expect, test } from "vitest";
import type { LeadHistoryRow, OpportunityHistoryRow, StagedRow } from "../../connectors/salesforce/rows.ts";
import { leadEntries, observations, opportunityEntries } from "../../connectors/salesforce/translate.ts";

const at = (time: string): Date => new Date(`2026-11-20T${time}Z`);
const row = (over: Partial<StagedRow>): StagedRow => ({
  kind: "lead",
  id: "00Q000000000001AAA",
  stageId: "Working",
  createdAt: at("08:00:00"),
  modifiedAt: at("10:00:00"),
  stampedAt: at("10:00:00"),
  ...over,
});
const change = (n: number, time: string, from: string | null, to: string): LeadHistoryRow => ({
  Id: `01700000000000${n}AAA`,
  LeadId: "00Q000000000001AAA",
  OldValue: from,
  NewValue: to,
  CreatedDate: at(time),
});
const step = (n: number, time: string, stage: string): OpportunityHistoryRow => ({
  Id: `00800000000000${n}AAA`,
  OpportunityId: "006000000000001AAA",
  StageName: stage,
  CreatedDate: at(time),
});
const span = { from: at("09:48:00"), to: at("10:05:00") };
const said = (entries: readonly { stageId: string; enteredAt: Date; timeQuality: string }[]) =>
  entries.map(
    ({ stageId, enteredAt, timeQuality }) => `${stageId} ${enteredAt.toISOString().slice(11, 19)} ${timeQuality}`,
  );

describe("the stages of an opportunity", () => {
  test("are those of its history, each once however often amount or date changed in it", () => {
    const history = [step(3, "09:00:00", "Won"), step(1, "08:00:00", "New"), step(2, "08:30:00", "New")];
    expect(said(opportunityEntries(row({ kind: "opportunity" }), history))).toEqual([
      "New 08:00:00 exact",
      "Won 09:00:00 exact",
    ]);
  });

  test("hold a re-entry apart from the first entry", () => {
    const history = [step(1, "08:00:00", "A"), step(2, "08:10:00", "B"), step(3, "08:20:00", "A")];
    expect(said(opportunityEntries(row({ kind: "opportunity" }), history))).toEqual([
      "A 08:00:00 exact",
      "B 08:10:00 exact",
      "A 08:20:00 exact",
    ]);
  });

  test("are the record's own word where the history is gone", () => {
    expect(said(opportunityEntries(row({ kind: "opportunity", enteredAt: at("09:30:00") }), []))).toEqual([
      "Working 09:30:00 exact",
    ]);
  });
});

describe("the statuses of a lead", () => {
  test("start with what the first change left, entered when the lead was made", () => {
    const history = [change(1, "08:30:00", "New", "Contacted"), change(2, "10:00:00", "Contacted", "Working")];
    expect(said(leadEntries(row({}), history, true, span))).toEqual([
      "New 08:00:00 exact",
      "Contacted 08:30:00 exact",
      "Working 10:00:00 exact",
    ]);
  });

  test("follow each other as each change names the one before, when all fall into one second", () => {
    const history = [
      change(3, "08:30:00", "New", "Contacted"),
      change(1, "08:30:00", "Qualified", "Working"),
      change(2, "08:30:00", "Contacted", "Qualified"),
    ];
    expect(leadEntries(row({}), history, true, span).map(({ stageId }) => stageId)).toEqual([
      "New",
      "Contacted",
      "Qualified",
      "Working",
    ]);
  });

  test("are one since its creation where changes would be noted and none is", () => {
    expect(said(leadEntries(row({}), [], true, span))).toEqual(["Working 08:00:00 exact"]);
  });

  test("are one since its creation where nothing was ever changed, noted or not", () => {
    expect(said(leadEntries(row({ modifiedAt: at("08:00:00") }), [], false, span))).toEqual(["Working 08:00:00 exact"]);
  });

  test("are guessed by the last modification where changes are not noted", () => {
    expect(said(leadEntries(row({}), [], false, span))).toEqual(["Working 10:00:00 modified"]);
  });

  test("are never guessed outside of what lies between two polls", () => {
    const early = row({ modifiedAt: at("09:00:00") });
    const late = row({ modifiedAt: at("11:00:00") });
    expect(said(leadEntries(early, [], false, span))).toEqual(["Working 09:48:00 modified"]);
    expect(said(leadEntries(late, [], false, span))).toEqual(["Working 10:05:00 modified"]);
  });

  test("go on by guess where tracking was switched off after the last noted change", () => {
    expect(said(leadEntries(row({}), [change(1, "08:30:00", "New", "Contacted")], false, span))).toEqual([
      "New 08:00:00 exact",
      "Contacted 08:30:00 exact",
      "Working 10:00:00 modified",
    ]);
  });

  test("may be ahead of the record, which was read first", () => {
    const history = [change(1, "08:30:00", "New", "Working"), change(2, "10:00:01", "Working", "Qualified")];
    expect(leadEntries(row({}), history, true, span).at(-1)?.stageId).toBe("Qualified");
  });
});

describe("observations", () => {
  test("order entries of one second by their version and name the lead an opportunity came from", () => {
    const entries = opportunityEntries(row({ kind: "opportunity" }), [
      step(1, "08:00:00", "A"),
      step(2, "08:00:00", "B"),
    ]);
    const seen = observations(row({ kind: "opportunity", id: "006000000000001AAA" }), entries, "00Q000000000001AAA");
    expect(seen.map(({ version }) => version)).toEqual(["000000", "000001"]);
    expect(seen[0]).toMatchObject({
      record: { object: "opportunity", id: "006000000000001AAA" },
      pipelineId: "Opportunity",
      parent: { object: "lead", id: "00Q000000000001AAA" },
    });
  });

  test("leave out an empty stage", () => {
    const history = [change(1, "08:30:00", null, "Working")];
    expect(observations(row({}), leadEntries(row({}), history, true, span)).map(({ stageId }) => stageId)).toEqual([
      "Working",
    ]);
  });
});
