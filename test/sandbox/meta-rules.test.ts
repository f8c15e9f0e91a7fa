import { describe, expect, test } from "vitest";
import { act, call, event, type Granted, HASH, NOW, nowS, numbers, received, send, startMeta } from "./meta-world.ts";

const DAY_S = 86_400;
const user = (user_data: unknown) => event({ user_data });
const custom = (more: object) => event({ custom_data: { event_source: "crm", lead_event_source: "HubSpot", ...more } });
const without = (key: string) => {
  const { [key]: _, ...rest } = event();
  return rest;
};

const PARAMETER = [400, 100, undefined];
const TOO_OLD = [400, 100, 2804003];
const LEAD_ID = [400, 100, 2804036];
const TOO_BROAD = [400, 100, 2804050];

describe("Meta refuses an event", () => {
  const cases: readonly [why: string, event: unknown, expected: readonly (number | undefined)[]][] = [
    ["that is no object", "event", PARAMETER],
    ["that is null", null, PARAMETER],
    ["that is a list", [], PARAMETER],
    ["without event_name", without("event_name"), PARAMETER],
    ["with an empty event_name", event({ event_name: " " }), PARAMETER],
    ["with a numeric event_name", event({ event_name: 7 }), PARAMETER],
    ["without event_time", without("event_time"), PARAMETER],
    ["with event_time in milliseconds", event({ event_time: NOW.getTime() }), PARAMETER],
    ["with fractions of a second", event({ event_time: nowS - 0.5 }), PARAMETER],
    ["with event_time as text", event({ event_time: String(nowS) }), PARAMETER],
    ["61 seconds in the future", event({ event_time: nowS + 61 }), PARAMETER],
    ["older than 7 days", event({ event_time: nowS - 7 * DAY_S - 1 }), TOO_OLD],
    [
      "older than 62 days from a shop",
      event({ action_source: "physical_store", event_time: nowS - 62 * DAY_S - 1 }),
      TOO_OLD,
    ],
    ["without action_source", without("action_source"), PARAMETER],
    ["with an unknown action_source", event({ action_source: "crm" }), PARAMETER],
    ["without user_data", without("user_data"), PARAMETER],
    ["with user_data that is a list", user([HASH]), PARAMETER],
    ["with empty user_data", user({}), TOO_BROAD],
    ["whose keys are all null or empty", user({ em: [], ph: null, fbc: null }), TOO_BROAD],
    ["whose keys are all unknown", user({ email: HASH }), TOO_BROAD],
    ["with a lead_id of 14 digits", user({ lead_id: "12345678901234", em: HASH }), LEAD_ID],
    ["with a lead_id of 18 digits", user({ lead_id: "123456789012345678" }), LEAD_ID],
    ["with a labelled lead_id", user({ lead_id: "l:1234567890123456" }), LEAD_ID],
    ["with a blank lead_id", user({ lead_id: "" }), LEAD_ID],
    ["with lead_id 0", user({ lead_id: 0 }), LEAD_ID],
    ["with a list of lead ids", user({ lead_id: ["1234567890123456"] }), LEAD_ID],
    ["with a hashed lead_id", user({ lead_id: HASH }), LEAD_ID],
    ["with a plain email", user({ em: ["a@example.com"] }), PARAMETER],
    ["with one bad hash among good ones", user({ ph: [HASH, HASH.slice(1)] }), PARAMETER],
    ["with an upper-case hash", user({ em: HASH.toUpperCase() }), PARAMETER],
    ["with an MD5 hash", user({ em: HASH.slice(32) }), PARAMETER],
    ["with a blank in a list of hashes", user({ em: [HASH, ""] }), PARAMETER],
    ["with a plain country", user({ em: HASH, country: "us" }), PARAMETER],
    ["with a hashed click id", user({ fbc: HASH }), PARAMETER],
    ["with a hashed user agent", user({ em: HASH, client_user_agent: HASH }), PARAMETER],
    ["with a list of click ids", user({ fbc: ["fb.1.1554763741205.AbCdEfGhIjKl"] }), PARAMETER],
    ["with an address that is none", user({ em: HASH, client_ip_address: "300.1.1.1" }), PARAMETER],
    ["with a blank external_id", user({ external_id: " " }), PARAMETER],
    ["with only place and gender", user({ ct: HASH, country: HASH, st: HASH, zp: HASH, ge: HASH }), TOO_BROAD],
    ["with only a birthday and a browser", user({ db: HASH, client_user_agent: "Mozilla/5.0" }), TOO_BROAD],
    ["with only first name and gender", user({ fn: HASH, ge: HASH }), TOO_BROAD],
    ["with only a last name", user({ ln: [HASH] }), TOO_BROAD],
    ["with custom_data that is a list", event({ custom_data: [] }), PARAMETER],
    ["with a negative value", custom({ value: -1, currency: "EUR" }), PARAMETER],
    ["with a value as text", custom({ value: "12", currency: "EUR" }), PARAMETER],
    ["with a value without currency", custom({ value: 12 }), PARAMETER],
    ["with an unknown currency", custom({ value: 12, currency: "XQQ" }), PARAMETER],
    ["with a numeric event_id", event({ event_id: 12 }), PARAMETER],
    ["with opt_out as text", event({ opt_out: "true" }), PARAMETER],
    ["with unknown data processing options", event({ data_processing_options: ["ALL"] }), PARAMETER],
    ["with limited data use but no country", event({ data_processing_options: ["LDU"] }), PARAMETER],
    ["from a website without its address", event({ action_source: "website" }), PARAMETER],
  ];
  test("when it breaks a rule, with the code and subcode of that rule, and keeps nothing", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    for (const [why, bad, expected] of cases)
      expect.soft(numbers(await send(sandbox, granted, { data: [bad] })), why).toEqual(expected);
    expect((await received(sandbox)).events).toEqual([]);
  });

  test("whose value is no finite number in JSON's own spelling", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    const text = JSON.stringify({ data: [custom({ value: 1, currency: "EUR" })] }).replace(
      '"value":1',
      '"value":1e999',
    );
    expect(numbers(await send(sandbox, granted, text))).toEqual(PARAMETER);
  });

  test("whose lead id was rounded or written with an exponent", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    for (const number of ["1.23457E+16", "1234567890123456.5", "123456789012345678", "true"]) {
      const text = JSON.stringify({ data: [user({ lead_id: "X" })] }).replace('"X"', number);
      expect(numbers(await send(sandbox, granted, text)), number).toEqual(LEAD_ID);
    }
  });

  test("whose lead id it has deleted, however it is sent", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    await act(sandbox, "forget", { leadId: "12345678901234567" });
    const text = JSON.stringify({ data: [user({ lead_id: "12345678901234567" })] });
    expect(numbers(await send(sandbox, granted, text))).toEqual(LEAD_ID);
    expect(numbers(await send(sandbox, granted, text.replace(/"(\d{17})"/, "$1")))).toEqual(LEAD_ID);
    expect(numbers(await send(sandbox, granted, text.replace(/"(\d{16})7"/, "$18")))).toEqual([
      200,
      undefined,
      undefined,
    ]);
  });

  test("that carries a field somebody chose, until it is accepted again", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    await act(sandbox, "refuse", { key: "em" });
    await act(sandbox, "refuse", { key: "custom_data.value" });
    expect(numbers(await send(sandbox, granted, { data: [event()] }))).toEqual(PARAMETER);
    const id = { lead_id: "1234567890123456" };
    expect((await send(sandbox, granted, { data: [user(id)] })).status).toBe(200);
    const priced = custom({ value: 1, currency: "eur" });
    expect(numbers(await send(sandbox, granted, { data: [{ ...priced, user_data: id }] }))).toEqual(PARAMETER);
    await act(sandbox, "refuse");
    expect((await send(sandbox, granted, { data: [event(), priced] })).status).toBe(200);
  });
});

describe("Meta takes an event", () => {
  const appendix = `${HASH}.AQQCAQMC`;
  const cases: readonly [string, unknown][] = [
    ["with a lead id alone", user({ lead_id: 123456789012345 })],
    ["with one hash that is no list", user({ em: HASH })],
    ["with a hash that carries an appendix", user({ em: [appendix], ph: `${HASH}.AQ` })],
    ["with a click id alone", user({ fbc: "fb.1.1554763741205.AbCdEfGhIjKl" })],
    ["with an external id that is not hashed", user({ external_id: "00Q5e000001abcdEAA" })],
    ["with first and last name", user({ fn: HASH, ln: HASH })],
    ["with a browser and an address", user({ client_user_agent: "Mozilla/5.0", client_ip_address: "2001:db8::1" })],
    ["just within 7 days", event({ event_time: nowS - 7 * DAY_S })],
    ["60 seconds ahead", event({ event_time: nowS + 60 })],
    ["with value and currency in either case", custom({ value: 0.5, currency: "usd" })],
    ["without event_id", without("event_id")],
    ["with no data processing options", event({ data_processing_options: [] })],
    [
      "with limited data use",
      event({
        data_processing_options: ["LDU"],
        data_processing_options_country: 1,
        data_processing_options_state: 1000,
      }),
    ],
    [
      "from a website",
      event({
        action_source: "website",
        event_source_url: "https://example.com/",
        user_data: { em: HASH, client_user_agent: "Mozilla/5.0" },
      }),
    ],
  ];
  test("when every rule holds, and says so as documented", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    for (const [why, good] of cases) {
      const answer = await send(sandbox, granted, { data: [good] });
      expect.soft(answer.body, why).toEqual({
        events_received: 1,
        messages: [],
        fbtrace_id: expect.stringMatching(/^A[\w-]{20,}$/),
      });
    }
    expect((await received(sandbox)).events.length).toBe(cases.length);
  });

  test("but notes what does not count as Conversion Leads", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    const data = [
      event(),
      event({ custom_data: { lead_event_source: "HubSpot" } }),
      event({ custom_data: { event_source: "crm" } }),
      event({ custom_data: { event_source: "web", lead_event_source: "HubSpot" } }),
      event({ action_source: "other" }),
      without("custom_data"),
    ];
    expect((await send(sandbox, granted, { data })).status).toBe(200);
    const reasons = (await received(sandbox)).events.map((each) => each.notCounted);
    expect(reasons).toEqual([
      null,
      "event_source",
      "lead_event_source",
      "event_source",
      "action_source",
      "event_source",
    ]);
  });
});

describe("Meta refuses a request", () => {
  const cases: readonly [why: string, body: unknown][] = [
    ["that is not JSON", "{"],
    ["whose body is a list", []],
    ["without data", {}],
    ["whose data is no list", { data: event() }],
    ["without events", { data: [] }],
    ["with 1,001 events", { data: Array.from({ length: 1001 }, () => event()) }],
    ["whose partner_agent has 23 characters", { data: [event()], partner_agent: "abcdefghijklmnopqrstuvw" }],
    ["whose partner_agent has one letter", { data: [event()], partner_agent: "a1_2" }],
    ["whose test code is a number", { data: [event()], test_event_code: 123 }],
  ];
  test("that has the wrong shape, without a subcode", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    for (const [why, body] of cases) expect.soft(numbers(await send(sandbox, granted, body)), why).toEqual(PARAMETER);
    expect((await received(sandbox)).events).toEqual([]);
  });

  test("with one bad event among many as a whole, in the documented envelope", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    const data = Array.from({ length: 1000 }, (_, i) => (i === 700 ? user({ lead_id: "1" }) : event()));
    const { status, body } = await send(sandbox, granted, { data });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      message: "Invalid parameter",
      type: "OAuthException",
      code: 100,
      error_subcode: 2804036,
      is_transient: false,
      error_user_title: expect.any(String),
      error_user_msg: expect.any(String),
      fbtrace_id: expect.stringMatching(/^A/),
    });
    expect((await received(sandbox)).events).toEqual([]);
    const { requests } = await act<{ requests: unknown[] }>(sandbox, "requests");
    expect(requests).toMatchObject([{ request: 1, status: 400, code: 100, subcode: 2804036, count: 1000 }]);
  });

  test("but not for top-level parameters that are null or harmless", async () => {
    const sandbox = await startMeta();
    const granted = await act<Granted>(sandbox, "grant");
    const body = { data: [event()], partner_agent: "stages_1_0", test_event_code: null, upload_tag: null };
    expect((await send(sandbox, granted, body)).status).toBe(200);
  });

  test("no less when it comes as a form", async () => {
    const sandbox = await startMeta();
    const { token, datasetId } = await act<Granted>(sandbox, "grant");
    const post = (data: unknown) =>
      call(`${sandbox.meta}/v26.0/${datasetId}/events`, {
        method: "POST",
        body: new URLSearchParams({ access_token: token, data: JSON.stringify(data) }),
      });
    expect(numbers(await post([event({ event_time: 1 })]))).toEqual(TOO_OLD);
    expect((await post([event()])).body).toMatchObject({ events_received: 1 });
  });
});
