import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { skips } from "../../core/problems.ts";
import type { Connection, RecordRef } from "../../core/types.ts";
import { type ExplanationView, explanationView } from "../../server/api/record.ts";
import { changeConnection } from "../../server/store/connections.ts";
import { type Live, openLive } from "./live-front.ts";

const hour = 3_600_000;
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
const [first, second, third] = ["appointmentscheduled", "qualifiedtobuy", "presentationscheduled"];

let live: Live;
let hubspot: Connection;
beforeAll(async () => {
  live = await openLive();
  hubspot = await live.connect("hubspot", { fields: { consent: "ads_consent" } });
});
afterAll(() => live.close());

const deal = async (input: object = {}): Promise<RecordRef> => {
  const { object, id } = await live.act<RecordRef>("hubspot", "create", { object: "deal", stage: first, ...input });
  return { object, id };
};
const person = (more: object = {}) => ({
  metaLeadId: "510000470389201",
  email: "ana@example.com",
  fbclid: "",
  ...more,
});
async function ask({ id }: Connection, { object, id: record }: RecordRef): Promise<ExplanationView> {
  const query = new URLSearchParams({ object, record });
  const { status, body } = await live.get<ExplanationView>(`/api/v1/connections/${id}/explain?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return explanationView.parse(body);
}
/** What the explanation says of the stage that the record entered last. */
async function lastOf(record: RecordRef, connection = hubspot) {
  const entry = (await ask(connection, record)).entries.at(-1);
  if (!entry) throw new Error("nothing is explained");
  return entry;
}
async function rows(): Promise<number> {
  const { rows: counts } = await live.store.pool.query(
    "select (select count(*) from record_stage) + (select count(*) from outbox) + (select count(*) from stage_mapping) n",
  );
  return counts[0].n;
}

describe("a deal of HubSpot", () => {
  test("that is to be sent is shown as it will leave, and nothing is sent or stored to find out", async () => {
    const record = await deal({ person: person({ phone: "not a number" }) });
    const before = await rows();
    const explanation = await ask(hubspot, record);
    const [entry] = explanation.entries;
    expect(explanation).toMatchObject({ found: "in_crm", person: "found", leftOut: ["ph:not_a_number"] });
    expect(explanation.keys.slice(0, 2)).toEqual(["lead_id", "em"]);
    expect(entry).toMatchObject({ stageId: first, next: "event", ifNew: "event", timeQuality: "exact", filled: false });
    expect(entry?.ledger ?? entry?.delivery).toBeUndefined();
    expect(entry?.rules.every(({ answer }) => answer === "ok")).toBe(true);
    expect(entry?.payload).toContain('"lead_id":510000470389201,');
    expect(await rows()).toBe(before);
    expect(await live.received()).toEqual([]);

    await live.look(hubspot, record);
    expect((await lastOf(record)).delivery).toMatchObject({ state: "waiting", datasetId: live.datasetId });
    await live.send();
    const sent = await lastOf(record);
    expect(sent).toMatchObject({ ledger: { place: 1, outcome: "event" }, delivery: { state: "accepted" } });
    expect(sent.next).toBeUndefined();
    expect(await live.received()).toEqual([entry?.payload]);
  });

  test("that jumped over a stage shows the stage that is sent with it", async () => {
    const record = await deal({ person: person() });
    await live.act("hubspot", "move", { ...record, stage: third });
    const { entries } = await ask(hubspot, record);
    expect(entries.map(({ stageId, filled, next }) => [stageId, filled, next])).toEqual([
      [first, false, "event"],
      [second, true, "event"],
      [third, false, "event"],
    ]);
  });

  describe("that is not to be sent names the rule", () => {
    type Case = [rule: keyof typeof skips, make: () => Promise<RecordRef>, mend?: () => Promise<void>];
    const offAir = (sendFrom: Date | null) => changeConnection(live.store.db, live.tenant.id, hubspot.id, { sendFrom });
    const week = () => offAir(new Date(Date.now() - 168 * hour));
    const known = async (...stages: readonly (string | undefined)[]): Promise<RecordRef> => {
      const record = await deal({ person: person() });
      for (const stage of stages) {
        await live.look(hubspot, record);
        await live.act("hubspot", "move", { ...record, stage });
      }
      return record;
    };
    test.each<Case>([
      [
        "stage_not_mapped",
        async () => {
          await live.remap(hubspot, "contractsent", null);
          return await deal({ person: person(), stage: "contractsent" });
        },
      ],
      ["stage_ignored", () => deal({ person: person(), stage: "closedlost" })],
      ["sent_as_filled", () => known(third, second)],
      ["entered_again", () => known(second, first)],
      ["implausible_time", () => deal({ person: person(), at: "2019-05-01T09:00:00Z" })],
      ["in_future", () => deal({ person: person(), at: ago(-hour) })],
      ["not_live", () => offAir(null).then(() => deal({ person: person() })), week],
      ["before_live", () => deal({ person: person(), at: ago(200 * hour) })],
      ["too_old", () => deal({ person: person(), at: ago(167.5 * hour) })],
      ["lead_not_found", () => deal({ contacts: [] })],
      [
        "no_consent",
        async () => {
          const { id, contacts } = await live.act<RecordRef & { contacts: string[] }>("hubspot", "create", {
            object: "deal",
            person: person(),
          });
          await live.act("hubspot", "write", { id: contacts[0], properties: { ads_consent: "false" } });
          return { object: "deal", id };
        },
      ],
      [
        "before_lead_created",
        async () => {
          const contact = await live.act<RecordRef>("hubspot", "create", { object: "contact", person: person() });
          return await deal({ contacts: [contact.id], at: ago(2 * hour) });
        },
      ],
      [
        "no_match_key",
        async () => {
          await changeConnection(live.store.db, live.tenant.id, hubspot.id, { config: {} });
          return await deal({ person: person({ metaLeadId: "", email: "", phone: "" }) });
        },
      ],
      [
        "event_invalid",
        async () => {
          await live.remap(hubspot, "closedwon", { eventName: "x".repeat(201) });
          return await deal({ person: person(), stage: "closedwon" });
        },
      ],
    ])("%s", async (rule, make, mend) => {
      const record = await make();
      const entry = await lastOf(record);
      await mend?.();
      expect(entry).toMatchObject({ ifNew: rule, next: rule });
      expect(entry.payload).toBeUndefined();
      expect(entry.rules.find(({ answer }) => answer !== "ok")).toEqual({
        rule,
        title: skips[rule].title,
        fix: skips[rule].fix,
        answer: "fails",
      });
      // And so the reader decides. Live again, it sends what was kept back only because nobody was.
      await live.look(hubspot, record);
      const known = await live.store.outbox.known(live.tenant.id, hubspot.id, [record]);
      expect([...known.values()].flat().at(-1)?.outcome).toBe(rule === "not_live" ? "event" : rule);
    });
  });

  test("that does not exist is nowhere; one that was deleted is known from the ledger only", async () => {
    expect(await ask(hubspot, { object: "deal", id: "999999999999" })).toMatchObject({
      found: "nowhere",
      gone: "deleted",
      entries: [],
    });
    expect(await ask(hubspot, { object: "spaceship", id: "1" })).toMatchObject({ found: "nowhere", entries: [] });
    const record = await deal({ person: person() });
    await live.look(hubspot, record);
    await live.act("hubspot", "delete", record);
    expect(await ask(hubspot, record)).toMatchObject({
      found: "in_ledger",
      gone: "deleted",
      entries: [{ ledger: { outcome: "event" }, delivery: { state: "waiting" }, ifNew: "lead_not_found" }],
    });
  });

  test("is explained after its access token ran out, and not while HubSpot is away", async () => {
    const record = await deal({ person: person() });
    await live.act("hubspot", "expire");
    expect((await ask(hubspot, record)).found).toBe("in_crm");
    await live.act("hubspot", "fault", { status: 503 });
    const query = `object=deal&record=${record.id}`;
    const answer = await live.get(`/api/v1/connections/${hubspot.id}/explain?${query}`);
    await live.act("hubspot", "fault", {});
    expect(answer).toMatchObject({ status: 502, body: { code: "crm_unavailable" } });
  });
});

test("a lead of Salesforce is explained from its history, sent and unsent", async () => {
  const salesforce = await live.connect("salesforce");
  const { id } = await live.act<{ id: string }>("salesforce", "create", { object: "Lead", person: person() });
  const record = { object: "lead", id };
  const entry = await lastOf(record, salesforce);
  expect(entry).toMatchObject({ ifNew: "event", next: "event" });
  expect(entry.payload).toContain('"lead_event_source":"Salesforce"');
  const nobody = person({ metaLeadId: "", email: "", phone: "" });
  const unknown = await live.act<{ id: string }>("salesforce", "create", { object: "Lead", person: nobody });
  expect(await lastOf({ object: "lead", id: unknown.id }, salesforce)).toMatchObject({ ifNew: "no_match_key" });
  expect(await ask(salesforce, { object: "lead", id: "00Q000000000000EAA" })).toMatchObject({
    found: "nowhere",
    entries: [],
  });
});
