import fc from "fast-check";
import { expect, test } from "vitest";
import { clickId } from "../../core/meta/click-id.ts";

const now = new Date("2026-11-23T12:00:00Z");
const seenAt = new Date("2026-11-20T08:00:00Z");
const fbclid = "IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB_qa2ofrHyiLjcbCRxTDMgk";

test.each([
  [fbclid, `fb.1.${seenAt.getTime()}.${fbclid}`],
  [` ${fbclid}\n`, `fb.1.${seenAt.getTime()}.${fbclid}`],
  [`fb.1.1795000000000.${fbclid}`, `fb.1.1795000000000.${fbclid}`],
  [`fb.2.1795000000000.${fbclid}.AQQCAQMC`, `fb.2.1795000000000.${fbclid}.AQQCAQMC`],
  [`fb.1.1795000000000.${fbclid}.BA`, `fb.1.1795000000000.${fbclid}.BA`],
  [`fb.1.1795000000.${fbclid}`, `fb.1.1795000000000.${fbclid}`],
  [`https://shop.example/a?x=1&fbclid=${fbclid}#top`, `fb.1.${seenAt.getTime()}.${fbclid}`],
  [`shop.example/a?fbclid=${fbclid}`, `fb.1.${seenAt.getTime()}.${fbclid}`],
  [`?fbclid=${fbclid}`, `fb.1.${seenAt.getTime()}.${fbclid}`],
])("%s becomes %s, in the letters' own case", (raw, expected) => {
  expect(clickId(raw, seenAt, now)).toEqual({ fbc: expected });
});

test.each<[string, Date | undefined, string]>([
  ["  ", seenAt, "blank"],
  ["short", seenAt, "not_a_click_id"],
  ["FB.1.1795000000000.abc", seenAt, "not_a_click_id"],
  [`fb.1.1795000000000.${fbclid}.toolongtail`, seenAt, "not_a_click_id"],
  ["fb.x.1795000000000.abc", seenAt, "not_a_click_id"],
  ["https://shop.example/a?gclid=1", seenAt, "not_a_click_id"],
  ["x".repeat(5_000), seenAt, "not_a_click_id"],
  [fbclid, undefined, "no_time"],
  [fbclid, new Date(Number.NaN), "no_time"],
  [fbclid, new Date("2026-08-25T11:59:59Z"), "too_old"],
  [`fb.1.1700000000000.${fbclid}`, seenAt, "too_old"],
  [`fb.1.1795000000000000.${fbclid}`, seenAt, "in_future"],
])("%s seen at %s is left out as %s", (raw, seen, reason) => {
  expect(clickId(raw, seen, now)).toEqual({ dropped: `click_id:${reason}` });
});

test("A click of exactly 90 days is still sent", () => {
  expect(clickId(fbclid, new Date("2026-08-25T12:00:00Z"), now)).toHaveProperty("fbc");
});

test("No click id is no problem", () => {
  expect(clickId(undefined, seenAt, now)).toBeUndefined();
});

test("Any text gives a well-formed fbc or a reason, and a ready fbc comes through unchanged", () => {
  const shape = /^fb\.\d+\.\d{13}\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]{2}|\.[A-Za-z0-9_-]{8})?$/;
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.webUrl({ withQueryParameters: true }),
    fc.base64String({ minLength: 20 }),
  );
  fc.assert(
    fc.property(text, (raw) => {
      const result = clickId(raw, seenAt, now);
      if (result && "fbc" in result) {
        expect(result.fbc).toMatch(shape);
        expect(clickId(result.fbc, undefined, now)).toEqual(result);
      } else expect(result?.dropped).toMatch(/^click_id:/);
    }),
  );
});
