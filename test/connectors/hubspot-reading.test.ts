import { afterEach, beforeEach, expect, test } from "vitest";
import { hubspot } from "../../connectors/hubspot/index.ts";
import type { RecordRef } from "../../core/types.ts";
import { ledger, readAll } from "../conformance/reading.ts";
import { entryKey } from "../conformance/world.ts";
import { openPortal, type Portal } from "./hubspot-world.ts";

let portal: Portal;
beforeEach(async () => {
  portal = await openPortal();
});
afterEach(() => portal.close());

type Access = Awaited<ReturnType<Portal["access"]>>;
const baselined = async (access: Access) =>
  hubspot.checkpoint.parse((await readAll(hubspot.baseline(access, undefined))).checkpoint);
const made = (object: string, stage: string, more: object = {}) =>
  portal.act<RecordRef>("create", { object, stage, ...more }).then(({ id }): RecordRef => ({ object, id }));
const move = (record: RecordRef, stage: string, more: object = {}) => portal.act("move", { ...record, stage, ...more });
const told = (observations: Awaited<ReturnType<typeof hubspot.read>>) =>
  observations.map(({ pipelineId, stageId }) => `${pipelineId}/${stageId}`);
/** The access, with HubSpot's clock so far ahead of where it is. */
const withClock = (access: Access, aheadMs: number): Access => ({
  ...access,
  fetch: async (request) => {
    const answer = await access.fetch(request);
    return { ...answer, headers: { ...answer.headers, date: new Date(Date.now() + aheadMs).toUTCString() } };
  },
});

test("more than ten thousand records changed in one millisecond are all read, never by offset", async () => {
  const access = await portal.access({ objects: ["deal"] });
  const { ids } = await portal.act<{ ids: string[] }>("bulk", { object: "deal", count: 10_300 });
  const offsets: string[] = [];
  access.intercept(({ body }) => void (/"after"/.test(body ?? "") && offsets.push(body ?? "")));
  const seen = new Set(
    (await readAll(hubspot.baseline(access, undefined))).observations.map(({ record }) => record.id),
  );
  expect(ids.filter((id) => !seen.has(id))).toEqual([]);
  expect(offsets).toEqual([]);
  expect(access.requests.every(({ status }) => status === 200)).toBe(true);
});

test.each(["contact", "lead"])("a crowded millisecond of %ss is read to its end as well", async (object) => {
  const access = await portal.access({ objects: [object] });
  const { ids } = await portal.act<{ ids: string[] }>("bulk", { object, count: 410 });
  const seen = new Set(
    (await readAll(hubspot.baseline(access, undefined))).observations.map(({ record }) => record.id),
  );
  expect(ids.filter((id) => !seen.has(id))).toEqual([]);
});

/** Search answers with these rows and promises more, for ever. */
const endless = (access: Access, rows: readonly object[]) =>
  access.intercept(({ url }) =>
    url.endsWith("/search")
      ? {
          status: 200,
          headers: { "content-type": "application/json" },
          text: JSON.stringify({ total: 9, results: rows, paging: { next: { after: "200" } } }),
        }
      : undefined,
  );

test("a search that promises more and brings the same for ever is a fault, not a loop", async () => {
  const access = await portal.access({ objects: ["deal"] });
  const { id } = await made("deal", "qualifiedtobuy");
  const at = "2026-11-20T10:00:00.000Z";
  endless(access, [{ id, properties: { hs_lastmodifieddate: at }, createdAt: at, updatedAt: at }]);
  await expect(readAll(hubspot.baseline(access, undefined))).rejects.toMatchObject({ code: "crm_schema" });
});

test("an empty page that promises more ends the round where it stood", async () => {
  const access = await portal.access({ objects: ["deal"] });
  const checkpoint = await baselined(access);
  endless(access, []);
  const poll = await readAll(hubspot.changes(access, checkpoint));
  expect(poll).toMatchObject({ observations: [], checkpoint });
});

test("a record that the search index shows later than younger ones is still found", async () => {
  // As if the index were five minutes late, without waiting for them.
  const access = withClock(await portal.access(), 5 * 60_000);
  const checkpoint = await baselined(access);
  const [late, young] = [await made("deal", "qualifiedtobuy"), await made("deal", "qualifiedtobuy")];
  const lagging: Access = {
    ...access,
    fetch: async (request) => {
      const answer = await access.fetch(request);
      if (!request.url.endsWith("/deals/search")) return answer;
      const found = JSON.parse(answer.text) as { results: { id: string }[] };
      return {
        ...answer,
        text: JSON.stringify({ ...found, results: found.results.filter(({ id }) => id !== late.id) }),
      };
    },
  };
  const first = await readAll(hubspot.changes(lagging, checkpoint));
  const ids = (poll: typeof first) => poll.observations.map(({ record }) => record.id);
  expect(ids(first)).toContain(young.id);
  expect(ids(first)).not.toContain(late.id);
  expect(ids(await readAll(hubspot.changes(access, hubspot.checkpoint.parse(first.checkpoint))))).toContain(late.id);
});

test("a quiet account costs one search per kind of record and nothing else", async () => {
  await portal.act("bulk", { object: "deal", count: 300 });
  const access = withClock(await portal.access(), 20 * 60_000);
  const checkpoint = await baselined(access);
  access.requests.length = 0;
  const poll = await readAll(hubspot.changes(access, checkpoint));
  expect(poll.observations).toEqual([]);
  expect(access.requests.map(({ path }) => path.split("/").at(-2))).toEqual(["deals", "contacts", "leads"]);
});

test.each([-20, 20])("nothing is lost when HubSpot's clock is %i minutes off", async (minutes) => {
  const access = withClock(await portal.access(), minutes * 60_000);
  let checkpoint = await baselined(access);
  for (let n = 0; n < 3; n += 1) {
    const deal = await made("deal", "qualifiedtobuy");
    const poll = await readAll(hubspot.changes(access, checkpoint));
    checkpoint = hubspot.checkpoint.parse(poll.checkpoint);
    expect(poll.observations.map(({ record }) => record.id)).toContain(deal.id);
  }
});

test("the baseline finds every entry of the seeded history in the pipeline where it happened", async () => {
  const { observations } = await readAll(hubspot.baseline(await portal.access(), undefined));
  const found = new Set(observations.map(entryKey));
  const truth = (await portal.truth()).map(entryKey);
  expect(truth.length).toBeGreaterThan(500);
  expect(truth.filter((key) => !found.has(key))).toEqual([]);
  expect(found.size).toBe(new Set(truth).size);
});

test("a deal that changes its pipeline enters a stage of the new one", async () => {
  const deal = await made("deal", "qualifiedtobuy");
  await move(deal, "site-visit", { pipeline: "75118022" });
  await move(deal, "1167445772");
  expect(told(await hubspot.read(await portal.access(), [deal]))).toEqual([
    "default/qualifiedtobuy",
    "75118022/site-visit",
    "75118022/1167445772",
  ]);
});

test("history that HubSpot has cut off is no news and no fault", async () => {
  const access = await portal.access();
  const deal = await made("deal", "appointmentscheduled");
  const book = ledger();
  for (let n = 0; n < 26; n += 1) {
    await move(deal, ["qualifiedtobuy", "appointmentscheduled"][n % 2] ?? "");
    if (n % 5 === 0) book.take(await hubspot.read(access, [deal]));
  }
  const last = await hubspot.read(access, [deal]);
  expect(last).toHaveLength(20);
  expect(book.take(last)).toEqual([]);
});

test("a contact whose lifecycle is cleared and set back enters the earlier stage again", async () => {
  const access = await portal.access();
  const contact = await made("contact", "lead");
  await move(contact, "opportunity");
  await portal.act("write", { ...contact, properties: { lifecyclestage: "" } });
  expect(told(await hubspot.read(access, [contact]))).toEqual(["lifecyclestage/lead", "lifecyclestage/opportunity"]);
  await move(contact, "lead");
  expect(told(await hubspot.read(access, [contact]))).toEqual([
    "lifecyclestage/lead",
    "lifecyclestage/opportunity",
    "lifecyclestage/lead",
  ]);
});

test("a merged contact is gone as merged, a person erased for privacy as deleted", async () => {
  const access = await portal.access();
  const [winner, loser, erased] = [
    await made("contact", "lead"),
    await made("contact", "lead"),
    await made("contact", "lead"),
  ];
  await portal.act("merge", { object: "contact", from: loser.id, into: winner.id });
  await portal.act("delete", { ...erased, privacy: true });
  const observations = await hubspot.read(access, [loser, erased, { object: "contact", id: "999999999999" }]);
  expect(observations.map(({ record, gone }) => [record.id, gone])).toEqual([
    [loser.id, "merged"],
    [erased.id, "deleted"],
    ["999999999999", "deleted"],
  ]);
});

test("records of a kind or an id that HubSpot cannot have are not asked for", async () => {
  const access = await portal.access();
  expect(
    await hubspot.read(access, [
      { object: "company", id: "1" },
      { object: "deal", id: "../x" },
    ]),
  ).toEqual([]);
  expect(access.requests).toEqual([]);
});

test("without the scope for leads everything else is read, and leads are not asked for again that day", async () => {
  const access = await portal.access({}, ["oauth", "crm.objects.contacts.read", "crm.objects.deals.read"]);
  const checkpoint = await baselined(access);
  expect(access.requests.filter(({ status }) => status === 403)).toHaveLength(1);
  const deal = await made("deal", "qualifiedtobuy");
  const poll = await readAll(hubspot.changes(access, checkpoint));
  expect(poll.observations.map(({ record }) => record.id)).toContain(deal.id);
  expect(access.requests.filter(({ status }) => status === 403)).toHaveLength(1);
  expect((await hubspot.pipelines(access)).map(({ object }) => object)).not.toContain("lead");
  const report = await hubspot.check(access);
  expect(report.ok).toBe(true);
  expect(report.probes.find(({ name }) => name === "leads")).toMatchObject({ ok: false, hint: /Sales Hub/ });
  expect(access.logged.join("\n")).toMatch(/leads are withheld/);
});

test("to compare an hour in which nothing happened costs one search per kind of record", async () => {
  const access = await portal.access();
  const range = { from: new Date(Date.now() + 3_600_000), to: new Date(Date.now() + 7_200_000) };
  await readAll(hubspot.history(access, range, undefined));
  expect(access.requests.map(({ path }) => path.split("/").at(-2))).toEqual(["deals", "contacts", "leads"]);
});

test("to compare an hour costs about five requests for every two hundred records that changed", async () => {
  const access = await portal.access({ objects: ["deal"] });
  for (let n = 0; n < 20; n += 1) await portal.act("bulk", { object: "deal", count: 50 });
  const range = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 60_000) };
  const { observations } = await readAll(hubspot.history(access, range, undefined));
  const records = new Set(observations.map(({ record }) => record.id)).size;
  expect(records).toBeGreaterThanOrEqual(1_000);
  // Each page begins again with the last instant of the one before, here of fifty records.
  expect(access.requests.length).toBeLessThanOrEqual(Math.ceil(records / 150) * 5);
});

test("leads that are withheld are not asked for in a comparison either", async () => {
  const access = await portal.access({}, ["oauth", "crm.objects.contacts.read", "crm.objects.deals.read"]);
  const since = await baselined(access);
  access.requests.length = 0;
  const range = { from: new Date(Date.now() - 3_600_000), to: new Date(), since };
  await readAll(hubspot.history(access, range, undefined));
  expect(access.requests.map(({ status }) => status)).not.toContain(403);
  expect(access.requests.some(({ path }) => path.includes("/leads/"))).toBe(false);
});
