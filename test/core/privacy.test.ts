import { expect, test } from "vitest";
import { keptForDays, loggable, maskDigits, maskEmail } from "../../core/privacy.ts";

test("a masked address lets its owner recognise it and nobody write to it", () => {
  expect(maskEmail("jane.doe@example.co.uk")).toBe("j•••@e•••.uk");
  expect(maskEmail("")).toBe("•••@•••");
  expect(maskEmail("nobody")).not.toContain("body");
});

test("masked digits show the last four", () => {
  expect(maskDigits("123456789012345")).toBe("•••••••••••2345");
  expect(maskDigits("12")).toBe("12");
});

test("no field that could hold contact data, a token or a payload may be logged", () => {
  for (const field of [
    "email",
    "phone",
    "lead",
    "leadId",
    "token",
    "payload",
    "body",
    "authorization",
    "name",
    "words",
  ])
    expect(loggable.has(field)).toBe(false);
});

test("contact data is dropped before what it led to, and that before the ledger", () => {
  expect(keptForDays.payloads).toBeLessThan(keptForDays.outcomes);
  expect(keptForDays.outcomes).toBeLessThan(keptForDays.ledger);
  expect(keptForDays.payloads).toBeGreaterThanOrEqual(7);
});
