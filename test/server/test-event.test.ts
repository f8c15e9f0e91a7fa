import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Connection, RecordRef } from "../../core/types.ts";
import { type PreviewView, previewView } from "../../server/api/preview.ts";
import type { SetupView } from "../../server/api/setup.ts";
import { type TestEventAnswer, testEventAnswer } from "../../server/api/test-event.ts";
import { listAudit } from "../../server/store/audit.ts";
import { changeConnection } from "../../server/store/connections.ts";
import { type Live, openLive } from "./live-front.ts";

const [pipelineId, first] = ["default", "appointmentscheduled"];
let live: Live;
let hubspot: Connection;
beforeAll(async () => {
  live = await openLive();
  hubspot = await live.connect("hubspot");
});
afterAll(() => live.close());
beforeEach(async () => {
  await changeConnection(live.store.db, live.tenant.id, hubspot.id, { sendFrom: null });
  await live.act("meta", "fault", {});
  await live.act("meta", "refuse", {});
});

const deal = async (input: object = {}): Promise<RecordRef> => {
  const person = { metaLeadId: "510000470389201", email: "ana@example.com" };
  const { object, id } = await live.act<RecordRef>("hubspot", "create", {
    object: "deal",
    stage: first,
    person,
    ...input,
  });
  return { object, id };
};
const path = (what: string): string => `/api/v1/connections/${hubspot.id}/${what}`;
async function preview({ object, id }: RecordRef): Promise<PreviewView> {
  const { status, body } = await live.get(`${path("preview")}?${new URLSearchParams({ object, record: id })}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return previewView.parse(body);
}
const asked = ({ object, id }: RecordRef, more: object = {}) => ({
  ...{ object, record: id, pipelineId, stageId: first, code: "TEST12345" },
  ...more,
});
const post = (record: RecordRef, more: object = {}) =>
  live.post<Record<string, unknown>>(path("test-event"), asked(record, more));
async function send(record: RecordRef): Promise<TestEventAnswer> {
  const { status, body } = await post(record);
  expect(status, JSON.stringify(body)).toBe(200);
  return testEventAnswer.parse(body);
}
/** What the simulated Meta has, of all requests. */
const taken = async () =>
  (await live.act<{ events: { test: boolean; event: unknown }[] }>("meta", "events", { as: "text", limit: 5000 }))
    .events;
const lanes = async () =>
  (await live.store.pool.query("select next_seq, cursor_seq, due_at, dispatches from lane where kind = 'send'")).rows;

describe("before anything is live, a record's event", () => {
  test("is shown as it would leave, with the origin of each line and no value of the person's", async () => {
    const record = await deal({ person: { metaLeadId: "510000470389201", email: "ana.secret@example.com" } });
    const shown = await preview(record);
    expect(shown).toMatchObject({ asIfLive: true, found: "in_crm", person: "found" });
    const [entry] = shown.entries;
    expect(entry?.ifNew).toBe("event");
    expect(entry?.rules.every(({ answer }) => answer === "ok")).toBe(true);
    const origins = new Map(shown.origins.map(({ path, origin }) => [path, origin]));
    const contact = (...names: string[]) => ({ from: "field", of: "contact", names });
    expect(origins.get("user_data.lead_id")).toEqual({ ...contact("meta_lead_id"), hashed: "no" });
    expect(origins.get("user_data.em")).toEqual({ ...contact("email", "hs_additional_emails"), hashed: "here" });
    expect(origins.get("event_time")).toEqual({ from: "stage_time" });
    const { user_data, custom_data, ...top } = JSON.parse(entry?.payload ?? "{}");
    const lines = [
      ...Object.keys(top),
      ...Object.keys(user_data).map((key) => `user_data.${key}`),
      ...Object.keys(custom_data).map((key) => `custom_data.${key}`),
    ];
    expect(lines.filter((line) => !origins.has(line))).toEqual([]);
    expect(JSON.stringify(shown)).not.toContain("ana.secret");
  });

  test("is sent once as a test, the very text that was shown, and no lane knows of it", async () => {
    const record = await deal();
    const [before, lanesBefore] = [await taken(), await lanes()];
    const answer = await send(record);
    expect(answer).toMatchObject({
      outcome: "accepted",
      received: 1,
      eventName: "Appointment scheduled",
      reading: null,
    });
    expect(answer.traceId).toMatch(/^A/);
    expect(answer.eventsManager).toContain(answer.dataset.metaId);
    const [sent, ...more] = (await taken()).slice(before.length);
    expect(more).toEqual([]);
    expect(sent).toMatchObject({ test: true, event: (await preview(record)).entries.at(-1)?.payload });
    await live.send();
    expect(await lanes()).toEqual(lanesBefore);
    expect(await taken()).toHaveLength(before.length + 1);
    const [entry] = await listAudit(live.store.db, live.tenant.id, { limit: 1 });
    expect(entry).toMatchObject({ what: "test_event.sent", about: { id: hubspot.id, stage: first } });
    expect(JSON.stringify(entry)).not.toContain(record.id);
    const { body } = await live.get<SetupView>("/api/v1/setup");
    expect(body.steps.find(({ step }) => step === "preview")).toMatchObject({ state: "done" });
  });
});

describe("what Meta says to a test event is told in its own words, and never tried again", () => {
  test("a lead id that Meta does not know", async () => {
    await live.act("meta", "forget", { leadId: "510000470389209" });
    const answer = await send(await deal({ person: { metaLeadId: "510000470389209", email: "a@b.example" } }));
    expect(answer).toMatchObject({ outcome: "rejected", code: 100, subcode: 2804036, field: "user_data.lead_id" });
    expect(answer.words).toMatch(/^Lead ID invalid: One or more lead IDs are invalid/);
    expect(answer.reading).toMatchObject({ code: "refused_lead_id" });
  });

  test("a field that it will not have", async () => {
    await live.act("meta", "refuse", { key: "em" });
    const answer = await send(await deal());
    expect(answer).toMatchObject({ outcome: "rejected", code: 100, field: "user_data.em" });
  });

  test("an access that is no good", async () => {
    await live.act("meta", "fault", { code: 190, subcode: 463, status: 400, times: 1 });
    expect(await send(await deal())).toMatchObject({ outcome: "rejected", reading: { code: "meta_token" } });
  });

  test("a limit, and a house that is down: nothing was taken", async () => {
    await live.act("meta", "fault", { status: 503, times: 1 });
    expect(await send(await deal())).toMatchObject({ outcome: "not_taken" });
    await live.act("meta", "fault", { code: 80004, times: 1 });
    expect(await send(await deal())).toMatchObject({ outcome: "not_taken", reading: { code: "meta_limit" } });
  });

  test("no answer: it may have arrived, and is not sent a second time", async () => {
    const before = await taken();
    await live.act("meta", "fault", { dropAnswer: true, times: 1 });
    expect(await send(await deal())).toMatchObject({ outcome: "no_answer", traceId: null });
    await live.send();
    expect(await taken()).toHaveLength(before.length + 1);
  });
});

describe("nothing leaves", () => {
  test.each([["TEST"], ["test123"], ["TEST12345678901234"], ['TEST1","x":"y'], [""]])(
    "with a code that is none: %j",
    async (code) => {
      const before = await taken();
      expect(await post(await deal(), { code })).toMatchObject({ status: 400, body: { code: "input_invalid" } });
      expect(await taken()).toEqual(before);
    },
  );

  test("of a stage that the mapping does not send, of a stage the record never was in, or of a person without a key", async () => {
    const before = await taken();
    const lost = await deal({ stage: "closedlost" });
    expect(await post(lost, { stageId: "closedlost" })).toMatchObject({ status: 409, body: { code: "stage_ignored" } });
    expect((await post(await deal(), { stageId: "closedwon" })).status).toBe(404);
    const nobody = await deal({ person: { metaLeadId: "", email: "", phone: "", fbclid: "" } });
    expect(await post(nobody)).toMatchObject({ status: 409, body: { code: "no_match_key" } });
    expect(await taken()).toEqual(before);
  });

  test("for a viewer, or with another workspace's account", async () => {
    const record = await deal();
    const before = await taken();
    const ask = (who: Parameters<Live["people"]["as"]>[0], tenant = live.tenant) =>
      live.people.as(who, tenant)(path("test-event"), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(asked(record)),
      });
    expect((await ask("viewer")).status).toBe(403);
    const other = await live.customer("Other");
    expect((await ask("owner", other.tenant)).status).toBe(404);
    expect(await taken()).toEqual(before);
  });
});

test("samples are the records that changed last, or the one that is searched for, by ids alone", async () => {
  const record = await deal({ person: { metaLeadId: "510000470389201", email: "sample@example.com" } });
  await live.look(hubspot, record);
  const { body } = await live.get<{ records: { object: string; record: string }[] }>(path("samples"));
  expect(body.records[0]).toMatchObject({ object: "deal", record: record.id, stageId: first, pipelineId });
  expect(new Set(body.records.map((one) => `${one.object}:${one.record}`)).size).toBe(body.records.length);
  const found = await live.get<typeof body>(`${path("samples")}?q=${record.id}`);
  expect(found.body.records.map((one) => one.record)).toEqual([record.id]);
  expect((await live.get<typeof body>(`${path("samples")}?q=${encodeURIComponent("%' or 1=1")}`)).body.records).toEqual(
    [],
  );
  expect(JSON.stringify(body)).not.toContain("@");
});
