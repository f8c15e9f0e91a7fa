import { expect, test } from "vitest";
import { usage, verdictOf } from "../../core/meta/verdict.ts";

const now = new Date("2026-11-23T12:00:00Z");
const answer = (status: number, text: string, headers: Record<string, string> = {}) =>
  verdictOf({ status, text, headers }, now);
const refusal = (
  code: number,
  more: Record<string, unknown> = {},
  status = 400,
  headers: Record<string, string> = {},
) =>
  answer(
    status,
    JSON.stringify({ error: { message: "m", type: "OAuthException", code, fbtrace_id: "A1", ...more } }),
    headers,
  );
const minutes = (n: number): Date => new Date(now.getTime() + n * 60_000);

test("a 200 with a count is accepted", () => {
  expect(answer(200, '{"events_received":3,"messages":[],"fbtrace_id":"A1"}')).toEqual({
    verdict: "accepted",
    received: 3,
    status: 200,
    traceId: "A1",
  });
});

test("any 2xx of Meta's own is accepted, though it may not count", () => {
  expect(answer(200, '{"fbtrace_id":"A1"}')).toEqual({ verdict: "accepted", status: 200, traceId: "A1" });
});

test("a 200 that is not Meta's is not taken for success", () => {
  for (const text of ["", "<html>welcome</html>", '{"events_received":', '{"error":{"message":"x"}}'])
    expect(answer(200, text)).toMatchObject({ verdict: "unknown", why: "meta_no_answer" });
});

test.each([
  ["unknown error", 1, {}, "retry", "meta_down"],
  ["service down", 2, {}, "retry", "meta_down"],
  ["no capability", 3, {}, "blocked", "meta_permission"],
  ["app limit", 4, {}, "retry", "meta_limit"],
  ["app limit with subcode", 4, { error_subcode: 1504022 }, "retry", "meta_limit"],
  ["permission missing", 10, {}, "blocked", "meta_permission"],
  ["ad account limit", 17, { error_subcode: 2446079 }, "retry", "meta_limit"],
  ["page limit", 32, {}, "retry", "meta_limit"],
  ["parameter without subcode", 100, {}, "refused", "refused_invalid"],
  ["dataset not found", 100, { error_subcode: 33 }, "blocked", "meta_dataset"],
  ["older than 7 days", 100, { error_subcode: 2804003 }, "refused", "expired"],
  ["lead id invalid or deleted", 100, { error_subcode: 2804036 }, "refused", "refused_lead_id"],
  ["too few keys", 100, { error_subcode: 2804050 }, "refused", "refused_keys"],
  ["other event fault", 100, { error_subcode: 2804016 }, "refused", "refused_invalid"],
  ["session invalid", 102, {}, "blocked", "meta_token"],
  ["wrong proof", 104, {}, "blocked", "meta_proof"],
  ["token dead", 190, {}, "blocked", "meta_token"],
  ["token expired", 190, { error_subcode: 463 }, "blocked", "meta_token"],
  ["app removed", 190, { error_subcode: 458 }, "blocked", "meta_token"],
  ["no access", 200, {}, "blocked", "meta_permission"],
  ["development access", 270, {}, "blocked", "meta_permission"],
  ["needs ads_management", 294, {}, "blocked", "meta_permission"],
  ["application limit", 341, {}, "retry", "meta_limit"],
  ["policy block", 368, {}, "retry", "meta_policy"],
  ["call rate", 613, {}, "retry", "meta_limit"],
  ["alias not found", 803, {}, "blocked", "meta_dataset"],
  ["no token", 2500, {}, "blocked", "meta_token"],
  ["version retired", 2635, {}, "blocked", "meta_version"],
  ["ads management limit", 80004, {}, "retry", "meta_limit"],
  ["leadgen limit", 80005, {}, "retry", "meta_limit"],
  ["transient whatever the code", 100, { is_transient: true }, "retry", "meta_down"],
  ["a code nobody knows", 4711, {}, "blocked", "meta_unclear"],
])("%s (%i %o) is %s because %s", (_what, code, more, verdict, why) => {
  expect(refusal(code, more)).toMatchObject({ verdict, why, code, traceId: "A1" });
});

test("answers without Meta's envelope are judged by their status", () => {
  expect(answer(502, "<html>")).toMatchObject({ verdict: "retry", why: "meta_down" });
  expect(answer(408, "")).toMatchObject({ verdict: "retry", why: "meta_down" });
  expect(answer(429, "slow down")).toMatchObject({ verdict: "retry", why: "meta_limit" });
  expect(answer(403, "<html>blocked</html>")).toMatchObject({ verdict: "retry", why: "meta_down" });
  expect(answer(302, "")).toMatchObject({ verdict: "retry", why: "meta_down" });
  expect(refusal(100, { type: "GraphMethodException" })).toMatchObject({ verdict: "blocked", why: "meta_proof" });
});

test("Meta's words are kept for people, and the text never decides", () => {
  const french = refusal(100, {
    error_subcode: 2804003,
    error_user_title: "Trop ancien",
    error_user_msg: "Plus de 7 jours",
  });
  expect(french).toMatchObject({ verdict: "refused", why: "expired", words: "Trop ancien: Plus de 7 jours" });
});

test("a limit waits as long as Meta asks: Retry-After in seconds or as a date, or the estimate in the usage header", () => {
  expect(refusal(4, {}, 400, { "retry-after": "120" })).toMatchObject({ at: minutes(2) });
  expect(refusal(4, {}, 400, { "retry-after": minutes(3).toUTCString() })).toMatchObject({ at: minutes(3) });
  const header = JSON.stringify({
    "123": [{ type: "ads_management", call_count: 100, estimated_time_to_regain_access: 19 }],
  });
  expect(refusal(80004, {}, 400, { "x-business-use-case-usage": header })).toMatchObject({ at: minutes(19) });
  expect(refusal(613)).toMatchObject({ at: minutes(15) });
});

test("usage headers that are missing or odd count as nothing", () => {
  expect(usage({})).toEqual({ percent: 0, minutes: 0 });
  expect(usage({ "x-business-use-case-usage": "[", "x-app-usage": '{"call_count":"many"}' })).toEqual({
    percent: 0,
    minutes: 0,
  });
  expect(usage({ "x-app-usage": '{"call_count":12,"total_time":85}' })).toEqual({ percent: 85, minutes: 0 });
});
