import { describe, expect, test } from "vitest";
import { coverageOf } from "../../core/lead-coverage.ts";
import { worth } from "../../core/meta/worth.ts";
import type { Lead } from "../../core/types.ts";

describe("what a record is worth", () => {
  test("is sent from 0 on, to the cent, in a currency that is in use", () => {
    for (const amount of [0, 0.01, 1999.9, 123_456_789_012.34])
      expect(worth({ amount, currency: "EUR" })).toEqual({ worth: { amount, currency: "EUR" } });
    expect(worth(undefined)).toBeUndefined();
  });

  test("loses the tail that a CRM's arithmetic leaves", () => {
    const amountOf = (text: string) => worth({ amount: Number(text), currency: "EUR" });
    expect(amountOf("370.00000000000006")).toEqual({ worth: { amount: 370, currency: "EUR" } });
    // HubSpot writes calculated numbers out to the last binary digit.
    expect(amountOf("0.40000000000000002220446049250313080847263336181640625")).toMatchObject({
      worth: { amount: 0.4 },
    });
  });

  test.each([
    ["not_a_number", Number.NaN, "EUR"],
    ["not_a_number", Number.POSITIVE_INFINITY, "EUR"],
    ["negative", -0.01, "EUR"],
    ["too_large", 1e16, "EUR"],
    ["no_currency", 10, undefined],
    ["not_a_currency", 10, "EURO"],
    ["not_a_currency", 10, "eur"],
  ])("is left out as %s: %d %s", (why, amount, currency) => {
    expect(worth({ amount, ...(currency && { currency }) })).toEqual({ dropped: `value:${why}` });
  });

  test("is counted by the kind of record, with what keeps it from being sent", () => {
    const lead = (value?: Lead["value"]): Lead => ({ contact: {}, ...(value && { value }) });
    const found = new Map([
      ["deal:1", lead({ amount: 10, currency: "EUR" })],
      ["deal:2", lead({ amount: 10 })],
      ["deal:3", lead({ amount: -10, currency: "EUR" })],
      ["deal:4", lead()],
      ["contact:5", lead({ amount: 10, currency: "EUR" })],
    ]);
    const counted = coverageOf(found, ["deal", "lead"], { eventKey: "k", allowedKeys: [] }, new Date());
    expect(counted.worth).toEqual([{ object: "deal", of: 4, have: 1, noCurrency: 1, unusable: 1 }]);
  });
});
