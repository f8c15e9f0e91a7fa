import fc from "fast-check";
import { expect, test } from "vitest";
import { leadId } from "../../core/meta/lead-id.ts";

test.each([
  ["5100000470389255", "5100000470389255"],
  ["12345678901234567", "12345678901234567"],
  ["9123456789012345", "9123456789012345"],
  ["123456789012345", "123456789012345"],
  [" l:5100000470389255 ", "5100000470389255"],
  ["L: 5100000470389255\n", "5100000470389255"],
  ["\ufeff5100000470389255", "5100000470389255"],
])("The lead id in %j is %s, digit for digit", (raw, expected) => {
  expect(leadId(raw)).toEqual({ leadId: expected });
});

test.each([
  ["", "blank"],
  [" \t", "blank"],
  ["l:", "blank"],
  ["0", "zero"],
  ["000000000000000", "zero"],
  ["05100000470389255", "zero"],
  ["1.23457E+16", "spreadsheet_form"],
  ["1,23457E+16", "spreadsheet_form"],
  ["5E15", "spreadsheet_form"],
  ["5100000470389255.0", "spreadsheet_form"],
  ["abc", "not_digits"],
  ["f:5100000470389255", "not_digits"],
  ["-5100000470389255", "not_digits"],
  ["５１００００４７０３８９２５５１", "not_digits"],
  ["12345678901234", "wrong_length"],
  ["123456789012345678", "wrong_length"],
])("The lead id %j is left out as %s", (raw, reason) => {
  expect(leadId(raw)).toEqual({ dropped: `lead_id:${reason}` });
});

test("No lead id is no problem", () => {
  expect(leadId(undefined)).toBeUndefined();
});

test("Any text gives 15 to 17 digits that are in it, or a reason", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^(l:)?[0-9 ]{13,19}$/)), (raw) => {
      const result = leadId(raw);
      if (result && "leadId" in result) {
        expect(result.leadId).toMatch(/^[1-9]\d{14,16}$/);
        expect(raw.replace(/[^0-9]/g, "")).toBe(result.leadId);
      } else expect(result?.dropped).toMatch(/^lead_id:/);
    }),
  );
});
