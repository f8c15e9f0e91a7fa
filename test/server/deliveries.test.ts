import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DeliveriesView, DeliveryChoices, SavedView } from "../../server/api/deliveries.ts";
import { fileRows } from "../../server/routes/deliveries-file.ts";
import { saveMapping } from "../../server/store/mappings.ts";
import { eraseRecords } from "../../server/store/person-erase.ts";
import { type Customer, type Front, openFront } from "./front.ts";

let front: Front;
let acme: Customer;
let other: Customer;
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
  front.clock.at = new Date("2026-11-23T09:00:01Z");
  other = await front.customer("Other");
  const { tenant, connection } = acme;
  const rule = { pipelineId: "sales", position: 1, outcome: "open", send: true, entries: "first" } as const;
  const rules = [
    { ...rule, stageId: "Prospecting", eventName: "Lead", label: '=HYPERLINK("https://evil.example")' },
    { ...rule, stageId: "Engaging", eventName: "Contacted", label: "Engaging" },
  ];
  const next = { from: 1, mapping: { rules, fillSkipped: false, sendValue: false }, savedBy: "usr_a" };
  await saveMapping(front.store.db, tenant.id, connection.id, next, front.clock.at);
  await push(acme, "-1", "Prospecting", "2026-11-23T08:00:00Z");
  await push(acme, "2", "Engaging", "2026-11-23T08:30:00Z");
  await push(acme, "3", "Won", "2026-11-23T08:40:00Z");
  await push(other, "2", "Engaging", "2026-11-23T08:00:00Z");
  await front.read();
});
afterAll(() => front.close());

async function push({ bearer }: Customer, record_id: string, stage: string, occurred_at: string): Promise<void> {
  const change = { record_id, pipeline: "sales", stage, occurred_at, lead_id: "510000470389201", email: "a@b.example" };
  const init = { method: "POST", headers: { authorization: bearer }, body: JSON.stringify(change) };
  expect((await fetch(`${front.url}/ingest/v1/stage-changes`, init)).status).toBe(202);
}
const list = async (query = "", of = acme): Promise<DeliveriesView> => {
  const answer = await front.people.as("viewer", of.tenant)(`/api/v1/deliveries${query}`);
  expect([answer.status, query]).toEqual([200, query]);
  return (await answer.json()) as DeliveriesView;
};
const post = (path: string, body: object, of = acme) =>
  front.people.as("viewer", of.tenant)(`/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

test("a line tells the stage as the CRM calls it, what became of it and until when it can be sent", async () => {
  const { deliveries, next, keptFrom } = await list();
  expect(deliveries.map(({ record, state, reason }) => [record.id, state, reason?.code])).toEqual([
    ["2", "waiting", undefined],
    ["-1", "waiting", undefined],
    ["3", "not_sent", "stage_not_mapped"],
  ]);
  expect(next).toBeUndefined();
  expect(keptFrom).toBe("2026-10-24T09:00:01.000Z");
  expect(deliveries[0]).toMatchObject({
    stage: "Engaging",
    stageId: "Engaging",
    eventName: "Contacted",
    changedAt: "2026-11-23T08:30:00.000Z",
    keptAt: "2026-11-23T09:00:01.000Z",
    waits: { attempts: 0, deadlineAt: "2026-11-30T07:30:00.000Z" },
  });
  expect(deliveries[2]).toMatchObject({ reason: { title: "Stage not mapped" } });
});

test("pages follow one another by an opaque cursor, and nobody else's cursor opens anything", async () => {
  const first = await list("?limit=1");
  const second = await list(`?limit=1&before=${first.next}`);
  const third = await list(`?limit=1&before=${second.next}`);
  expect([first, second, third].flatMap(({ deliveries }) => deliveries.map(({ record }) => record.id))).toEqual([
    "2",
    "-1",
    "3",
  ]);
  expect(third.next).toBeUndefined();
  const theirs = await list(`?limit=5&before=${first.next}`, other);
  expect(theirs.deliveries.every(({ connectionId }) => connectionId === other.connection.id)).toBe(true);
  for (const before of ["bm9uc2Vuc2U", "W10", "W251bGxd", "a"]) {
    const answer = await front.fetch(`/api/v1/deliveries?before=${before}`);
    expect([before, answer.status]).toEqual([before, 400]);
  }
});

test("filters and searches come in the address; what nobody knows is refused", async () => {
  expect((await list("?state=not_sent")).deliveries).toHaveLength(1);
  expect((await list("?reason=stage_not_mapped,expired")).deliveries).toHaveLength(1);
  expect((await list(`?connection=${acme.connection.id}&pipeline=sales&stage=Engaging`)).deliveries).toHaveLength(1);
  expect((await list(`?connection=${other.connection.id}`)).deliveries).toEqual([]);
  expect((await list("?event=Lead&state=waiting")).deliveries).toHaveLength(1);
  expect((await list("?from=2026-11-23T09:00:02Z")).deliveries).toEqual([]);
  expect((await list("?q=%20510000470389201%20")).deliveries).toHaveLength(2);
  expect(await list("?q=2")).toMatchObject({ foundBy: "record", deliveries: [{ record: { id: "2" } }] });
  for (const query of [
    "?state=lost",
    "?reason=A",
    "?step=accepted",
    "?limit=101",
    "?color=red",
    "?q=%20",
    "?q=%00",
    "?from=monday",
  ])
    expect([query, (await front.fetch(`/api/v1/deliveries${query}`)).status]).toEqual([query, 400]);
});

test("T23: a file holds what the list holds, runs nothing, names nobody, and is written down", async () => {
  const answer = await front.people.as("viewer", acme.tenant)("/api/v1/deliveries.csv?q=510000470389201");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-disposition")).toBe('attachment; filename="deliveries-2026-11-23.csv"');
  expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  const text = Buffer.from(await answer.arrayBuffer()).toString();
  expect(text.startsWith("\uFEFF")).toBe(true);
  const rows = parse(text, { bom: true, columns: true }) as Record<string, string>[];
  expect(rows.map((row) => [row["Record ID"], row.Stage, row["Sent as"], row.State])).toEqual([
    ["2", "Engaging", "Contacted", "Waiting"],
    ["'-1", `'=HYPERLINK("https://evil.example")`, "Lead", "Waiting"],
  ]);
  expect(text).not.toMatch(/510000470389201|[0-9a-f]{64}|example\.com|a@b/);
  const { rows: deeds } = await front.store.pool.query(
    "select what, about from audit where tenant_id = $1 and what = 'delivery.exported'",
    [acme.tenant.id],
  );
  expect(deeds).toEqual([{ what: "delivery.exported", about: { searched: true } }]);
  const narrowed = await (await front.fetch("/api/v1/deliveries.csv?step=mapped")).text();
  const states = (parse(narrowed, { bom: true, columns: true }) as Record<string, string>[]).map(({ State }) => State);
  expect(states).toEqual(["Waiting", "Waiting"]);
});

test("a file that is cut says so in its last line", async () => {
  const lines: unknown[] = [];
  for await (const line of fileRows(acme.tenant.id, { wanted: {}, now: front.clock.now() }, front.parts.api, 2))
    lines.push(line);
  expect(lines).toHaveLength(3);
  expect(lines.at(-1)).toEqual(["This file ends after 2 rows. There are more: narrow the filter to get them."]);
});

test("only what there is can be chosen: reasons that occurred, stages of the mapping, and how many wait", async () => {
  const answer = await front.people.as("viewer", acme.tenant)("/api/v1/deliveries/choices");
  const choices = (await answer.json()) as DeliveryChoices;
  expect(choices.reasons).toEqual([{ code: "stage_not_mapped", title: "Stage not mapped", refused: false }]);
  expect(choices.stages.map(({ connectionId, pipeline, stage }) => [connectionId, pipeline, stage])).toEqual([
    [acme.connection.id, "sales", '=HYPERLINK("https://evil.example")'],
    [acme.connection.id, "sales", "Engaging"],
  ]);
  expect(choices.counts).toEqual({ waiting: 2, refused: 0 });
});

test("members save views by name, see them all, and remove them; nobody sees another workspace's", async () => {
  const filter = { state: "refused", reason: "expired", step: "identified" };
  const saved = (await (await post("/views", { name: " Too late ", filter })).json()) as SavedView;
  expect(saved).toMatchObject({ name: "Too late", filter });
  expect((await post("/views", { name: "Too late", filter: {} })).status).toBe(409);
  for (const body of [
    { name: " ", filter },
    { name: "a\u0007", filter },
    { name: "x", filter: { q: "1" } },
    { name: "x" },
  ])
    expect((await post("/views", body)).status).toBe(400);
  const seen = async (of: Customer) =>
    (await (await front.people.as("viewer", of.tenant)("/api/v1/views")).json()) as { views: SavedView[] };
  expect((await seen(acme)).views).toEqual([saved]);
  expect((await seen(other)).views).toEqual([]);
  expect((await post(`/views/${saved.id}/remove`, {}, other)).status).toBe(404);
  expect((await post(`/views/${saved.id}/remove`, {})).status).toBe(200);
  expect((await post(`/views/${saved.id}/remove`, {})).status).toBe(404);
  for (let n = 0; n < 50; n += 1) expect((await post("/views", { name: `${n}`, filter: {} })).status).toBe(200);
  expect((await post("/views", { name: "one more", filter: {} })).status).toBe(409);
});

test("Meta's words of a request that settled nothing are kept with it, and forgotten with the person", async () => {
  const now = front.clock.now();
  const [lease] = (await front.store.outbox.claim("send", now, 10, 60_000)).filter(
    ({ tenantId }) => tenantId === acme.tenant.id,
  );
  if (!lease) throw new Error("it is not due");
  const about = { seqFrom: 1, seqTo: 2, events: 2, sentAt: now, tookMs: 5 };
  const dispatch = { ...about, verdict: "blocked", why: "meta_unclear", words: "No, jane@example.com" } as const;
  await front.store.outbox.advance(lease, { dispatch }, now);
  const told = await front.people.as("viewer", acme.tenant)(`/api/v1/deliveries/${acme.datasetId}/1`);
  const { timeline } = (await told.json()) as { timeline: { words?: string }[] };
  expect(timeline.at(-1)).toMatchObject({ what: "request", verdict: "blocked", words: "No, jane@example.com" });
  await eraseRecords(front.store.db, acme.tenant, acme.connection.id, [{ object: "lead", id: "2" }], now);
  const { rows } = await front.store.pool.query("select words from dispatch where tenant_id = $1", [acme.tenant.id]);
  expect(rows).toEqual([{ words: null }]);
  const { deliveries } = await list("?state=refused");
  expect(deliveries).toMatchObject([{ record: { object: "erased" }, reason: { code: "erased" } }]);
});
