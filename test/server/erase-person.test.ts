import { hash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { PersonErased, PersonFound } from "../../server/api/people.ts";
import { askToErase, erasePeople, erasePerson } from "../../server/lifecycle/erase-person.ts";
import { searchOf } from "../../server/lifecycle/person.ts";
import { evidenceOf } from "../../server/store/evidence.ts";
import { eraseRecords } from "../../server/store/person-erase.ts";
import { forgetTenant } from "../../server/store/tenants.ts";
import { type Browsing, browsing } from "./browsing.ts";
import { type Customer, type Front, openFront } from "./front.ts";

let front: Front;
let acme: Customer;
let other: Customer;
let admin: Browsing;
beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());
beforeEach(async () => {
  for (const one of [acme, other]) if (one) await forgetTenant(front.store.db, one.tenant.id);
  front.clock.at = new Date("2026-11-23T09:00:00Z");
  acme = await front.customer("Acme");
  other = await front.customer("Other");
  admin = browsing(front.url, await front.people.cookie("admin", acme.tenant));
});

const ann = { record_id: "4711", lead_id: "5100000470389255", email: "ann@canary.example" };
const bob = { record_id: "4712", email: "bob@else.example", phone: "+1 202 555 0142" };
async function push(person: object, stage = "Engaging", of = acme, occurred_at = "2026-11-23T08:00:00Z") {
  const answer = await fetch(`${front.url}/ingest/v1/stage-changes`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: of.bearer },
    body: JSON.stringify({ object: "lead", pipeline: "sales", stage, occurred_at, ...person }),
  });
  expect(answer.status).toBe(202);
}
const find = (asked: object) => admin.tell<PersonFound>("/api/v1/people/find", asked);
const erase = (asked: object) => admin.tell<PersonErased>("/api/v1/people/erase", asked);
const rows = async (text: string) =>
  (await front.store.pool.query(`select * from (${text}) q where tenant_id = '${acme.tenant.id}'`)).rows;
/** Everything that the database holds of this tenant, as one text. */
async function everything({ tenant } = acme): Promise<string> {
  const { rows: tables } = await front.store.pool.query<{ name: string }>(
    `select table_name as name from information_schema.columns
      where column_name = 'tenant_id' and table_schema = 'public' and table_name !~ '_p?[0-9]+$'`,
  );
  const all: string[] = [];
  for (const { name } of tables) {
    const found = await front.store.pool.query(`select t::text as row from ${name} t where tenant_id = $1`, [
      tenant.id,
    ]);
    all.push(...found.rows.map(({ row }) => row));
  }
  const receipts = await front.store.pool.query("select about::text as row from receipt");
  return [...all, ...receipts.rows.map(({ row }) => row)].join("\n");
}
const sha = (text: string): string => hash("sha256", text);
/** What may not be left of Ann, in whichever form. */
const traces = [ann.lead_id, sha(ann.email), "lead:4711", '"4711"', "(4711", ",4711,"];
const left = async (): Promise<readonly string[]> => {
  const text = await everything();
  return traces.filter((trace) => text.includes(trace));
};
const pass = (ms: number): void => {
  front.clock.at = new Date(front.clock.at.getTime() + ms);
};

describe("finding a person", () => {
  test("counts what is held, by connection, and shows records only masked", async () => {
    await push(ann);
    await push(bob);
    await front.read();
    const { body } = await find({ by: "mail", value: " ANN@canary.example" });
    expect(body).toEqual({
      connections: [
        {
          id: acme.connection.id,
          name: "Acme CRM",
          ...{ records: 1, entries: 2, sent: 0, waiting: 2, givenUp: 0, pushes: 1 },
        },
      ],
      records: [{ connection: acme.connection.id, object: "lead", masked: "4711" }],
    });
  });

  test.each([
    { by: "mail", value: "ann@canary.example" },
    { by: "lead_id", value: "l:5100000470389255" },
    { by: "record", object: "lead", record: "4711" },
  ])("works by $by, before the push is read and after", async (asked) => {
    const wanted = asked.by === "record" ? { ...asked, connection: acme.connection.id } : asked;
    await push(ann);
    expect((await find(wanted)).body.records).toHaveLength(1);
    await front.read();
    expect((await find(wanted)).body.connections[0]).toMatchObject({ records: 1, waiting: 2 });
  });

  test("works by phone, however it is written, and finds nobody who is not there", async () => {
    await push(bob);
    await front.read();
    expect((await find({ by: "phone", value: "(202) 555-0142" })).body.records).toHaveLength(1);
    expect((await find({ by: "mail", value: "nobody@canary.example" })).body).toEqual({ connections: [], records: [] });
    expect((await find({ by: "mail", value: "no address" })).status).toBe(400);
  });

  test("looks at a long log page by page, to its end", async () => {
    await push(ann);
    await front.read();
    await front.store.pool.query(
      `insert into outbox (tenant_id, dataset_id, seq, event_time, created_at, connection_id, record, place, payload)
       select tenant_id, dataset_id, 10 + n, event_time, created_at, connection_id, 'lead:x' || n, 1, '{}'
       from outbox, generate_series(1, 10001) n where tenant_id = $1 and seq = 1`,
      [acme.tenant.id],
    );
    await front.store.pool.query(
      "update outbox set payload = $2 where tenant_id = $1 and seq in (5009, 5010, 10010, 10011)",
      [acme.tenant.id, `"${sha("late@canary.example")}"`],
    );
    const { body } = await find({ by: "mail", value: "late@canary.example" });
    expect(body.connections[0]?.records).toBe(4);
  });
});

describe("erasing a person", () => {
  test("leaves nothing of them: neither before the push is read, nor while the event waits, nor in what was sent", async () => {
    await push(ann);
    await push(bob);
    await front.read();
    await push(ann, "Won");
    expect(await left()).not.toEqual([]);
    const { body, status } = await erase({
      by: "record",
      connection: acme.connection.id,
      object: "lead",
      record: "4711",
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ records: 1, entries: 2, waiting: 2, sent: 0, pushes: 2 });
    expect(await left()).toEqual([]);
    expect(await everything()).toContain(sha(bob.email));
  });

  test("gives up what waits, and the lane goes on with everybody else's", async () => {
    await push(ann);
    await push(bob);
    await front.read();
    await erase({ by: "mail", value: ann.email });
    const dead = await rows("select * from dead_event");
    expect(dead.map(({ reason }) => reason)).toEqual(["erased", "erased"]);
    // Nobody is there to send to: the first event that names somebody is as far as it comes.
    await expect(front.send()).rejects.toMatchObject({ code: "host_not_allowed" });
    const [lane] = await rows("select * from lane where kind = 'send'");
    expect(lane).toMatchObject({ cursor_seq: 2, paused_reason: null });
    expect(lane.next_seq).toBeGreaterThan(3);
  });

  test("takes the person out of what was sent, and says that Meta has it", async () => {
    await push(ann);
    await front.read();
    await front.store.pool.query("update lane set cursor_seq = 2 where kind = 'send' and tenant_id = $1", [
      acme.tenant.id,
    ]);
    expect((await erase({ by: "mail", value: ann.email })).body).toMatchObject({ sent: 2, waiting: 0 });
    expect(await left()).toEqual([]);
    expect(await rows("select * from dead_event")).toEqual([]);
    const [event] = await rows("select * from outbox");
    expect(JSON.parse(event.payload)).toMatchObject({ user_data: {}, event_name: expect.any(String) });
    const view = await admin.tell(`/api/v1/deliveries/${acme.datasetId}/1`);
    expect(view).toMatchObject({ status: 200 });
    expect((await admin.tell("/api/v1/overview")).status).toBe(200);
  });

  test("is kept: whoever brings them again, nothing of them is sent, and the account still adds up", async () => {
    await push(ann);
    await front.read();
    await erase({ by: "lead_id", value: ann.lead_id });
    pass(60_000);
    await push({ ...ann, id: "again" }, "Won", acme, "2026-11-23T08:30:00Z");
    await front.read();
    const ledger = await rows("select * from record_stage");
    expect(ledger.map(({ outcome }) => outcome).sort()).toEqual(["event", "event", "person_erased"]);
    expect(new Set(ledger.map(({ record }) => record)).size).toBe(1);
    const tally = await rows("select * from tally where outcome = 'person_erased'");
    expect(tally).toMatchObject([{ n: 1 }]);
  });

  test("beats a reader that has looked them up already: its page is void", async () => {
    await push(ann);
    const [lease] = await front.store.outbox.claim("read", front.clock.now(), 1, 60_000);
    if (!lease) throw new Error("nothing is due");
    await erase({ by: "record", connection: acme.connection.id, object: "lead", record: "4711" });
    const late = front.store.outbox.keep(lease, { outcomes: [], mappingVersion: 1 }, front.clock.now());
    await expect(late).rejects.toMatchObject({ code: "lease_lost" });
  });

  test("cannot be undone by sending again, and opens no problem", async () => {
    await push(ann);
    await front.read();
    await erase({ by: "mail", value: ann.email });
    expect(await front.store.outbox.redrive(acme.tenant.id, acme.datasetId, [{ seq: 1 }], front.clock.now())).toEqual(
      [],
    );
    const { refused } = await evidenceOf(front.store.db, acme.tenant.id, front.clock.now());
    expect(refused).toEqual([]);
    const explained = await admin.tell<{ entries: { ifNew: string }[]; person: string }>(
      `/api/v1/connections/${acme.connection.id}/explain?object=lead&record=4711`,
    );
    expect(explained.body).toMatchObject({ person: "missing", entries: [{ ifNew: "person_erased" }, {}] });
  });

  test("clears Meta's words, which may repeat what was sent", async () => {
    await push(ann);
    await front.read();
    const about = [acme.tenant.id, acme.datasetId, `Invalid value ${ann.lead_id}`];
    await front.store.pool.query(
      "insert into dead_event (tenant_id, dataset_id, seq, at, reason, words) values ($1, $2, 1, now(), 'refused_invalid', $3)",
      about,
    );
    await front.store.pool.query(
      `insert into problem (tenant_id, about, id, cause, code, affected, opened_at, seen_at, details)
       values ($1, $2, 'prb_1', 'c', 'refused_invalid', 1, now(), now(), jsonb_build_object('words', $3::text))`,
      about,
    );
    await erase({ by: "mail", value: ann.email });
    expect(await left()).toEqual([]);
  });

  test("concerns this workspace alone", async () => {
    await push(ann, "Engaging", other);
    await front.read();
    const before = await everything(other);
    await push(ann);
    await front.read();
    await erase({ by: "mail", value: ann.email });
    const named = { by: "record", connection: other.connection.id, object: "lead", record: "4711" };
    expect((await erase(named)).status).toBe(404);
    for (const trace of [ann.lead_id, sha(ann.email), "lead:4711"]) expect(before).toContain(trace);
    expect(await rows("select * from erased")).toHaveLength(1);
    const theirs = await front.store.pool.query("select payload from outbox where tenant_id = $1", [other.tenant.id]);
    expect(theirs.rows.every(({ payload }) => payload.includes(ann.lead_id))).toBe(true);
  });

  test("leaves a receipt in counts, which anybody with its address can read, and an audit entry", async () => {
    await push(ann);
    await front.read();
    const { body } = await erase({ by: "mail", value: ann.email });
    const page = await fetch(body.receipt);
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).toContain("A person was erased");
    expect(html).toContain("<dt>2</dt><dd>events that waited and were given up");
    expect(html).not.toContain("4711");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const audit = await admin.tell<{ entries: { what: string; about: object }[] }>("/api/v1/audit?what=person");
    expect(audit.body.entries).toMatchObject([
      { what: "person.erased", about: { by: "mail", records: 1, receipt: body.receipt.split("/").at(-1) } },
    ]);
    expect((await fetch(`${front.url}/receipts/rcp_unknown`)).status).toBe(404);
  });

  test("by one record takes the others along that name the same person, also where somebody died between them", async () => {
    await push(ann);
    await push({ ...ann, record_id: "5000", id: "second" });
    await push(bob);
    await front.read();
    const parts = { store: front.store, clock: front.clock };
    const record = { object: "lead", id: "4711" };
    const search = searchOf({ by: "record", connection: acme.connection.id, record }, acme.tenant);
    const { id, task } = await askToErase(acme.tenant.id, search, "usr_x", parts);
    await eraseRecords(front.store.db, acme.tenant, acme.connection.id, [record], front.clock.now());
    await erasePerson(id, task, parts);
    expect(await left()).toEqual([]);
    expect(await everything()).not.toContain("lead:5000");
    expect(await everything()).toContain("lead:4712");
  });

  test("that somebody died over is gone on with by the chore", async () => {
    await push(ann);
    await front.read();
    const parts = { store: front.store, clock: front.clock };
    const search = searchOf({ by: "mail", value: ann.email }, acme.tenant);
    await askToErase(acme.tenant.id, search, "usr_x", parts);
    expect(JSON.stringify(search)).not.toContain(ann.email);
    await erasePeople(parts)(front.clock.now());
    expect(await left(), "whoever asked may still be at it").not.toEqual([]);
    pass(120_000);
    await erasePeople(parts)(front.clock.now());
    expect(await left()).toEqual([]);
  });
});
