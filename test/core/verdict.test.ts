import { expect, test } from "vitest";
import { usageOf } from "../../core/meta/usage.ts";
import { verdictOf } from "../../core/meta/verdict.ts";

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

test("a 200 that bears no mark of Meta's is not taken for success: it may have been taken", () => {
  for (const text of [
    "",
    "{}",
    "[]",
    "null",
    "<html>welcome</html>",
    '{"events_received":',
    '{"error":{"message":"x"}}',
  ])
    expect([text, answer(200, text)]).toEqual([text, { verdict: "unknown", why: "meta_no_answer", status: 200 }]);
});

test("an error inside a 200 is judged as an error", () => {
  expect(refusal(100, { error_subcode: 2804050 }, 200)).toMatchObject({ verdict: "refused", why: "refused_keys" });
  expect(refusal(190, {}, 200)).toMatchObject({ verdict: "blocked", why: "meta_token" });
  expect(refusal(2, {}, 200)).toMatchObject({ verdict: "retry", why: "meta_down" });
  expect(answer(200, '{"events_received":1,"error":{"code":1}}')).toMatchObject({ verdict: "retry" });
});

test("fewer received than sent is still accepted; the number is kept", () => {
  expect(answer(200, '{"events_received":0,"fbtrace_id":"A1"}')).toMatchObject({ verdict: "accepted", received: 0 });
});

/** Reference: the errors that the Conversions API documents or was seen to answer. `at`: minutes until the next try. */
const rows: readonly (readonly [string, number, object, string, string, { at?: number; suspect?: true }?])[] = [
  ["unknown error", 1, {}, "retry", "meta_down", { suspect: true }],
  ["unknown error, temporary", 1, { is_transient: true }, "retry", "meta_down"],
  ["unknown error with a subcode", 1, { error_subcode: 99 }, "retry", "meta_down", { suspect: true }],
  ["service down", 2, {}, "retry", "meta_down"],
  ["transient whatever the code", 100, { is_transient: true }, "retry", "meta_down"],
  ["transient, of a code nobody knows", 4711, { is_transient: true }, "retry", "meta_down"],
  ["app limit", 4, {}, "retry", "meta_limit", { at: 5 }],
  ["app limit that says it passes", 4, { is_transient: true }, "retry", "meta_limit", { at: 5 }],
  ["app limit", 4, { error_subcode: 1504022 }, "retry", "meta_limit", { at: 5 }],
  ["app limit", 4, { error_subcode: 1504039 }, "retry", "meta_limit", { at: 5 }],
  ["user limit", 17, {}, "retry", "meta_limit", { at: 5 }],
  ["ad account limit", 17, { error_subcode: 2446079 }, "retry", "meta_limit", { at: 5 }],
  ["page limit", 32, {}, "retry", "meta_limit", { at: 5 }],
  ["application limit", 341, {}, "retry", "meta_limit", { at: 5 }],
  ["abuse prevention", 613, {}, "retry", "meta_limit", { at: 15 }],
  ["call rate", 613, { error_subcode: 1487742 }, "retry", "meta_limit", { at: 5 }],
  ["call rate", 613, { error_subcode: 5044001 }, "retry", "meta_limit", { at: 5 }],
  ["call rate", 613, { error_subcode: 1487225 }, "retry", "meta_limit", { at: 5 }],
  ["call rate", 613, { error_subcode: 1487632 }, "retry", "meta_limit", { at: 5 }],
  ...[80000, 80001, 80002, 80003, 80004, 80005, 80006, 80008, 80009, 80014].map(
    (code) => ["business limit", code, {}, "retry", "meta_limit", { at: 1 }] as const,
  ),
  ["policy block", 368, {}, "retry", "meta_policy", { at: 15 }],
  ["no capability", 3, {}, "blocked", "meta_permission"],
  ["permission missing", 10, {}, "blocked", "meta_permission"],
  ["no access", 200, {}, "blocked", "meta_permission"],
  ["audience permission", 200, { error_subcode: 1870034 }, "blocked", "meta_permission"],
  ["development access", 270, {}, "blocked", "meta_permission"],
  ["needs ads_management", 294, {}, "blocked", "meta_permission"],
  ["last of its range", 299, {}, "blocked", "meta_permission"],
  ["session invalid", 102, {}, "blocked", "meta_token"],
  ["token dead", 190, {}, "blocked", "meta_token"],
  ...[456, 457, 458, 459, 460, 461, 462, 463, 464, 465, 466, 467, 468, 492].map(
    (error_subcode) => ["token dead", 190, { error_subcode }, "blocked", "meta_token"] as const,
  ),
  ["no token", 2500, {}, "blocked", "meta_token"],
  ["wrong proof", 104, {}, "blocked", "meta_proof"],
  ["wrong proof, as a method exception", 100, { type: "GraphMethodException" }, "blocked", "meta_proof"],
  ["dataset not found", 100, { error_subcode: 33 }, "blocked", "meta_dataset"],
  ["not found", 100, { error_subcode: 33, type: "GraphMethodException" }, "blocked", "meta_dataset"],
  ["alias not found", 803, {}, "blocked", "meta_dataset"],
  ["version retired", 2635, {}, "blocked", "meta_version"],
  ["parameter without subcode", 100, {}, "refused", "refused_invalid"],
  ["older than 7 days", 100, { error_subcode: 2804003 }, "refused", "expired"],
  ["lead id invalid or deleted", 100, { error_subcode: 2804036 }, "refused", "refused_lead_id"],
  ["too few keys", 100, { error_subcode: 2804050 }, "refused", "refused_keys"],
  ["other event fault", 100, { error_subcode: 2804016 }, "refused", "refused_invalid"],
  ["a code nobody knows", 4711, {}, "blocked", "meta_unclear"],
  ["a publishing error", 506, {}, "blocked", "meta_unclear"],
];
for (const [what, code, more, verdict, why, extra = {}] of rows)
  test(`${what} (${code} ${JSON.stringify(more)}) is ${verdict} because ${why}`, () => {
    const got = refusal(code, { ...more });
    expect(got).toMatchObject({ verdict, why, code, status: 400, traceId: "A1", words: "m" });
    if ("error_subcode" in more) expect(got).toMatchObject({ subcode: more.error_subcode });
    const { at = undefined, suspect = undefined } = got.verdict === "retry" ? got : {};
    expect([at, suspect]).toEqual([extra.at && minutes(extra.at), extra.suspect]);
  });

test.each([
  [301, "", { verdict: "retry", why: "meta_down" }],
  [302, '{"events_received":1,"fbtrace_id":"A1"}', { verdict: "retry", why: "meta_down" }],
  [304, "", { verdict: "retry", why: "meta_down" }],
  [307, "<html>", { verdict: "retry", why: "meta_down" }],
  [400, "", { verdict: "retry", why: "meta_down", suspect: true }],
  [403, "<html>blocked</html>", { verdict: "retry", why: "meta_down", suspect: true }],
  [408, "", { verdict: "retry", why: "meta_down" }],
  [413, "too large", { verdict: "refused", why: "refused_invalid" }],
  [429, "slow down", { verdict: "retry", why: "meta_limit" }],
  [500, "<html>", { verdict: "retry", why: "meta_down" }],
  [502, "<html>", { verdict: "retry", why: "meta_down" }],
  [503, "", { verdict: "retry", why: "meta_down" }],
  [504, '{"error":"gateway"}', { verdict: "retry", why: "meta_down" }],
  [599, '{"events_received":1}', { verdict: "retry", why: "meta_down" }],
])("a %i without Meta's error (%j) is judged by its status, and is never a yes", (status, text, verdict) => {
  expect(answer(status, text)).toEqual({ status, ...verdict });
});

test("a code of Meta's counts more than its status, but for what only the status tells", () => {
  expect(refusal(190, {}, 500)).toMatchObject({ verdict: "blocked", why: "meta_token" });
  expect(refusal(1, {}, 413)).toMatchObject({ verdict: "refused", why: "refused_invalid" });
  expect(refusal(4711, {}, 500)).toMatchObject({ verdict: "retry", why: "meta_down", suspect: true });
  expect(refusal(4711, {}, 429)).toMatchObject({ verdict: "retry", why: "meta_limit" });
});

test("Meta's words are kept for people, and the text never decides", () => {
  const french = refusal(100, {
    error_subcode: 2804003,
    error_user_title: "Trop ancien",
    error_user_msg: "Plus de 7 jours",
  });
  expect(french).toMatchObject({ verdict: "refused", why: "expired", words: "Trop ancien: Plus de 7 jours" });
});

const businessUse = (...uses: readonly object[]): Record<string, string> => ({
  "x-business-use-case-usage": JSON.stringify({ "123": uses }),
});

test("a limit waits as long as Meta asks: Retry-After in seconds or as a date, or the estimate in the usage header", () => {
  expect(refusal(4, {}, 400, { "retry-after": "120" })).toMatchObject({ at: minutes(2) });
  expect(refusal(4, {}, 400, { "retry-after": minutes(3).toUTCString() })).toMatchObject({ at: minutes(3) });
  const header = businessUse({ type: "ads_management", call_count: 100, estimated_time_to_regain_access: 19 });
  expect(refusal(80004, {}, 400, header)).toMatchObject({ at: minutes(19) });
  expect(answer(503, "", { "retry-after": "60" })).toMatchObject({ at: minutes(1) });
});

test("odd waiting times count as none, and none is longer than a day", () => {
  for (const odd of ["soon", "-5", "0", "", " ", "NaN", minutes(-9).toUTCString()])
    expect([odd, refusal(17, {}, 400, { "retry-after": odd })]).toMatchObject([odd, { at: minutes(5) }]);
  for (const long of ["99999999999", "Infinity", "1e400", "Fri, 31 Dec 9999 23:59:59 GMT"])
    expect([long, refusal(17, {}, 400, { "retry-after": long })]).toMatchObject([long, { at: minutes(1_440) }]);
});

test("how much of the limits is used comes with every answer, the yes included", () => {
  const used = answer(
    200,
    '{"events_received":1}',
    businessUse({ call_count: 28, total_time: 85 }, { total_cputime: 90 }),
  );
  expect(used).toMatchObject({ verdict: "accepted", usage: { percent: 90 } });
  expect(refusal(100, {}, 400, { "x-app-usage": '{"call_count":96}' })).toMatchObject({ usage: { percent: 96 } });
  expect(usageOf({ "x-ad-account-usage": '{"acc_id_util_pct":81.5,"reset_time_duration":300}' })).toEqual({
    percent: 81.5,
  });
  expect(usageOf(businessUse({ call_count: 100, estimated_time_to_regain_access: 7 }))).toEqual({
    percent: 100,
    restMs: 420_000,
  });
  expect(usageOf({ "x-business-use-case": JSON.stringify({ "1": [{ call_count: 3 }] }) })).toEqual({ percent: 3 });
});

test("usage headers that are missing or odd count as nothing, and spoil nothing beside them", () => {
  for (const headers of [
    {},
    { "x-business-use-case-usage": "[", "x-app-usage": '{"call_count":"many"}' },
    {
      "x-business-use-case-usage": '{"1":"x","2":null,"3":[7,null,{}]}',
      "x-app-usage": "null",
      "x-ad-account-usage": "9",
    },
    { "x-app-usage": '{"call_count":-5,"total_time":null}' },
  ])
    expect(usageOf(headers)).toBeUndefined();
  expect(usageOf({ ...businessUse({ call_count: "many" }, { call_count: 12 }), "x-app-usage": "{" })).toEqual({
    percent: 12,
  });
  const endless = { estimated_time_to_regain_access: 1e12 };
  expect(usageOf(businessUse(endless))).toEqual({ percent: 0, restMs: 86_400_000 });
});
