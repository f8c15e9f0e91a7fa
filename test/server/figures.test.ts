import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deliveriesView } from "../../server/api/deliveries.ts";
import { type Figures, figuresView, type StepView } from "../../server/api/figures.ts";
import { saveMapping } from "../../server/store/mappings.ts";
import { forgetTenant, listTenants } from "../../server/store/tenants.ts";
import { type Customer, type Front, openFront } from "./front.ts";

let front: Front;
let acme: Customer;
let other: Customer;

beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());
beforeEach(async () => {
  for (const { id } of await listTenants(front.store.db)) await forgetTenant(front.store.db, id);
  front.clock.at = new Date("2026-11-23T09:00:00Z");
  acme = await front.customer("Acme");
  front.clock.at = new Date("2026-11-23T09:00:01Z"); // the workspace that is shown is the one made first
  other = await front.customer("Other");
});

const lead = (record_id: string, stage: string, more: object = {}) => ({
  record_id,
  pipeline: "sales",
  stage,
  occurred_at: "2026-11-23T08:00:00Z",
  lead_id: `51000004703892${record_id.padStart(2, "0")}`,
  ...more,
});
async function push({ bearer }: Customer, changes: readonly object[]): Promise<void> {
  const init = { method: "POST", headers: { authorization: bearer }, body: JSON.stringify(changes) };
  expect((await fetch(`${front.url}/ingest/v1/stage-changes`, init)).status).toBe(202);
  await front.read();
}
/** Of what waits, Meta takes the first `accepted` and refuses the next `refused`. */
async function deliver({ datasetId }: Customer, accepted: number, refused = 0, from = 1): Promise<void> {
  const { outbox } = front.store;
  const now = front.clock.at;
  const lease = (await outbox.claim("send", now, 10, 60_000)).find(({ id }) => id === datasetId);
  if (!lease) throw new Error("nothing to send");
  const last = from + accepted - 1;
  const dispatch = {
    sentAt: now,
    tookMs: 40,
    seqFrom: from,
    seqTo: last,
    events: accepted,
    verdict: "accepted",
  } as const;
  await outbox.advance(lease, { cursor: last, ...(accepted > 0 && { dispatch }) }, now);
  const dead = Array.from({ length: refused }, (_, n) => ({ seq: last + n + 1, reason: "refused_invalid" as const }));
  await outbox.advance(lease, { cursor: last + refused, dead }, now);
  await outbox.release(lease, {}, now);
}
async function figures(query = "?range=7d", as = front.fetch): Promise<Figures> {
  const answer = await as(`/api/v1/figures${query}`);
  expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
  return figuresView.parse(await answer.json());
}
const way = ({ losses }: Figures) => Object.fromEntries(losses.steps.map(({ step, count }) => [step, count]));
const minutes = (n: number): void => {
  front.clock.at = new Date(front.clock.at.getTime() + n * 60_000);
};

/** How many rows the list shows where a number leads, read page by page. */
async function rowsOf(
  { filter }: Pick<StepView, "filter">,
  { from, to }: Figures,
  chosen: Record<string, string> = {},
): Promise<number> {
  let rows = 0;
  let before: string | undefined;
  do {
    const page = { ...chosen, from, to, limit: "5", ...(before && { before }) };
    const query = new URLSearchParams({ ...(filter as Record<string, string>), ...page });
    const answer = await front.fetch(`/api/v1/deliveries?${query}`);
    const { deliveries, next } = deliveriesView.parse(await answer.json());
    rows += deliveries.length;
    before = next;
  } while (before);
  return rows;
}
/** Every number of the funnel, as its filter names it. */
const numbersOf = ({ losses: { steps, waiting, earlier } }: Figures) =>
  [...steps, waiting, earlier, ...[...steps, earlier].flatMap(({ losses }) => losses)] as const;

describe("the figures", () => {
  test("of a workspace that has done nothing yet are complete, and none of them is made up", async () => {
    const empty = await figures();
    expect(empty).toMatchObject({
      range: "7d",
      from: "2026-11-17T00:00:00.000Z",
      to: "2026-11-23T09:00:01.000Z",
      before: { from: "2026-11-10T00:00:00.000Z", to: "2026-11-16T09:00:01.000Z" },
      bucket: "day",
      liveSince: "2026-11-20T00:00:00.000Z",
      connections: [
        {
          id: acme.connection.id,
          name: "Acme CRM",
          crmName: "In-house CRM",
          pipelines: [{ id: "sales", label: "Sales" }],
        },
      ],
      sample: { count: 0, of: 0 },
      coverage: [],
    });
    expect(way(empty)).toEqual({ read: 0, mapped: 0, in_time: 0, identified: 0, sent: 0, accepted: 0 });
    expect(empty.series).toHaveLength(7);
    expect(empty.sources).toEqual([
      { connectionId: acme.connection.id, lastReadAt: "2026-11-23T09:00:00.000Z", stale: false, of: 0 },
    ]);
    expect(Object.fromEntries(empty.readiness.requirements.map(({ code, state }) => [code, state]))).toEqual({
      leads: "not_yet",
      days: "not_yet",
      stages: "not_yet",
      rate: "unknown",
      window: "unknown",
      lead_ids: "unknown",
      daily: "unknown",
    });
  });

  test("tell at which step each change was left behind, and each number is that of the rows its filter finds", async () => {
    const since = "update connection set send_from = '2026-11-01' where tenant_id = $1";
    await front.store.pool.query(since, [acme.tenant.id]);
    await push(acme, [
      ...["1", "2", "3", "4", "5"].map((id) => lead(id, "Prospecting")),
      lead("6", "Dancing"),
      lead("7", "Lost"),
      lead("8", "Prospecting", { occurred_at: "2026-10-19T08:00:00Z" }),
      lead("9", "Prospecting", { lead_id: undefined }),
      lead("10", "Prospecting", { consent: false }),
      lead("11", "Prospecting", { occurred_at: "2026-11-11T11:00:00Z" }),
    ]);
    await deliver(acme, 2, 1);
    minutes(1);
    const seen = await figures();
    expect(way(seen)).toEqual({ read: 10, mapped: 8, in_time: 7, identified: 5, sent: 3, accepted: 2 });
    expect(seen.losses.waiting.count).toBe(2);
    expect(seen.losses.earlier).toMatchObject({ count: 1, losses: [{ reason: "before_live", count: 1 }] });
    const lost = seen.losses.steps.flatMap(({ losses }) => losses);
    expect(Object.fromEntries(lost.map(({ reason, count }) => [reason, count]))).toEqual({
      stage_not_mapped: 1,
      stage_ignored: 1,
      too_old: 1,
      no_match_key: 1,
      no_consent: 1,
      refused_invalid: 1,
    });
    expect(lost.find(({ reason }) => reason === "stage_ignored")?.title).toBe("Stage switched off");
    for (const number of numbersOf(seen)) expect([number, await rowsOf(number, seen)]).toEqual([number, number.count]);
  });

  test("lead to as many rows as they count: whatever was given up or sent again, of every time and pipeline", async () => {
    const { outbox, pool } = front.store;
    const { tenant, datasetId, connection } = acme;
    const ids = Array.from({ length: 12 }, (_, n) => `${n + 1}`);
    front.clock.at = new Date("2026-11-22T07:00:00Z"); // no longer one of the last 24 hours
    await push(acme, [
      ...ids.map((id) => lead(id, "Prospecting", { occurred_at: "2026-11-22T06:00:00Z" })),
      lead("13", "Dancing", { occurred_at: "2026-11-22T06:00:00Z" }),
    ]);
    await deliver(acme, 2, 3);
    const lease = (await outbox.claim("send", front.clock.at, 10, 60_000)).find(({ id }) => id === datasetId);
    if (!lease) throw new Error("nothing to send");
    const dead = [
      { seq: 6, reason: "expired" },
      { seq: 7, reason: "unconfirmed" },
    ] as const;
    // The eighth is looked at for itself, and goes again.
    await outbox.advance(lease, { cursor: 8, dead, aside: [8] }, front.clock.at);
    await outbox.release(lease, {}, front.clock.at);
    // A person is erased whose event still waits.
    await pool.query(
      "insert into dead_event (tenant_id, dataset_id, seq, at, reason) values ($1, $2, 10, $3, 'erased')",
      [tenant.id, datasetId, front.clock.at],
    );
    front.clock.at = new Date("2026-11-23T09:30:00Z");
    await push(acme, [lead("14", "Prospecting"), lead("15", "Lost"), lead("16", "Prospecting", { consent: false })]);
    expect(await outbox.redrive(tenant.id, datasetId, [{ seq: 3 }, { seq: 4 }], front.clock.at)).toEqual([3, 4]);
    minutes(1);
    const week = await figures();
    expect(way(week)).toEqual({ read: 16, mapped: 14, in_time: 14, identified: 13, sent: 4, accepted: 2 });
    expect(week.losses.waiting.count).toBe(7);
    // What was sent again counts from then on.
    expect(way(await figures("?range=24h"))).toMatchObject({ read: 5, mapped: 4, identified: 3, sent: 0 });
    const sales = { connection: connection.id, pipeline: "sales" };
    for (const asked of [{ range: "24h" }, { range: "7d" }, { range: "28d", ...sales }]) {
      const { range, ...chosen } = asked;
      const seen = await figures(`?${new URLSearchParams(asked)}`);
      for (const number of numbersOf(seen))
        expect([range, number, await rowsOf(number, seen, chosen)]).toEqual([range, number, number.count]);
    }
    const elsewhere = await figures("?pipeline=elsewhere");
    expect([
      way(elsewhere).read,
      await rowsOf({ filter: { step: "read" } }, elsewhere, { pipeline: "elsewhere" }),
    ]).toEqual([0, 0]);
  });

  test("compare with the time before up to the same moment of it, so that a day that has just begun does not look bad", async () => {
    front.clock.at = new Date("2026-11-22T08:30:00Z");
    await push(acme, [lead("1", "Prospecting", { occurred_at: "2026-11-22T08:00:00Z" })]);
    front.clock.at = new Date("2026-11-22T10:30:00Z");
    await push(acme, [lead("2", "Prospecting", { occurred_at: "2026-11-22T08:00:00Z" })]);
    front.clock.at = new Date("2026-11-23T09:30:00Z");
    await push(acme, [lead("3", "Prospecting")]);
    front.clock.at = new Date("2026-11-23T09:45:00Z");
    const day = await figures("?range=24h");
    expect(day).toMatchObject({ from: "2026-11-22T10:00:00.000Z", before: { to: "2026-11-22T09:45:00.000Z" } });
    expect(day.losses.steps[0]).toMatchObject({ step: "read", count: 2, before: 1 });
    expect(day.series).toHaveLength(24);
    expect(day.series.filter(({ waiting }) => waiting > 0).map(({ at }) => at)).toEqual([
      "2026-11-22T10:00:00.000Z",
      "2026-11-23T09:00:00.000Z",
    ]);
    const week = await figures("?range=7d");
    expect(week.series.map(({ waiting }) => waiting)).toEqual([0, 0, 0, 0, 0, 2, 1]);
    front.clock.at = new Date("2026-12-21T00:00:00Z");
    expect(way(await figures("?range=28d")).read).toBe(0);
  });

  test("show the business funnel in its order, with how many of a stage's leads have come to the next", async () => {
    await push(acme, [
      ...["1", "2", "3", "4"].map((id) => lead(id, "Prospecting")),
      ...["1", "2"].map((id) => lead(id, "Engaging", { occurred_at: "2026-11-23T08:10:00Z" })),
      lead("1", "Won", { occurred_at: "2026-11-23T08:20:00Z" }),
    ]);
    await deliver(acme, 7);
    minutes(1);
    const { funnels, sample, coverage } = await figures();
    expect(funnels).toEqual([
      {
        connectionId: acme.connection.id,
        pipelineId: "sales",
        stages: [
          {
            stageId: "Prospecting",
            eventName: "Prospecting",
            accepted: 4,
            before: 0,
            next: { count: 2, of: 4 },
            leadIds: { count: 4, of: 4 },
          },
          {
            stageId: "Engaging",
            eventName: "Engaging",
            accepted: 2,
            before: 0,
            next: { count: 1, of: 2 },
            leadIds: { count: 2, of: 2 },
          },
          { stageId: "Won", eventName: "Won", accepted: 1, before: 0, leadIds: { count: 1, of: 1 } },
        ],
      },
    ]);
    expect(sample).toEqual({ count: 7, of: 7 });
    expect(coverage[0]).toEqual({ eventName: "Prospecting", of: 4, keys: { lead_id: 4 } });
    const [connection] = await figures(`?connection=${acme.connection.id}&pipeline=sales`).then(
      (seen) => seen.connections,
    );
    expect(connection?.pipelines).toEqual([{ id: "sales", label: "Sales" }]);
    expect(way(await figures("?pipeline=elsewhere")).read).toBe(0);
  });

  test("count under the mapping as it is now: a stage that is switched off leaves the funnel", async () => {
    await push(acme, [lead("1", "Prospecting"), lead("1", "Engaging", { occurred_at: "2026-11-23T08:10:00Z" })]);
    await deliver(acme, 2);
    const rules = ["Prospecting", "Engaging", "Won"].map((stageId, position) => ({
      pipelineId: "sales",
      stageId,
      position,
      outcome: "open" as const,
      eventName: stageId.toUpperCase(),
      send: stageId !== "Engaging",
      entries: "first" as const,
    }));
    const mapping = { rules, fillSkipped: true, sendValue: false };
    await saveMapping(
      front.store.db,
      acme.tenant.id,
      acme.connection.id,
      { from: 1, mapping, savedBy: "usr_a" },
      front.clock.at,
    );
    minutes(1);
    const [funnel] = (await figures()).funnels;
    expect(funnel?.stages.map(({ eventName, accepted }) => [eventName, accepted])).toEqual([
      ["PROSPECTING", 1],
      ["WON", 0],
    ]);
  });

  test("measure the way from the change in the CRM to Meta's yes", async () => {
    await push(
      acme,
      ["1", "2", "3"].map((id) => lead(id, "Prospecting", { occurred_at: "2026-11-23T08:59:00Z" })),
    );
    await deliver(acme, 2);
    minutes(10);
    await deliver(acme, 1, 0, 3);
    minutes(1);
    expect((await figures()).sources).toMatchObject([{ of: 3, medianMs: 61_040, p95Ms: 661_040 }]);
  });

  test("hold what was seen in 28 days against what Meta requires, whatever is looked at", async () => {
    const ids = Array.from({ length: 25 }, (_, n) => `${n + 10}`);
    await push(
      acme,
      ids.map((id) => lead(id, "Prospecting")),
    );
    await push(
      acme,
      ids.slice(0, 5).map((id) => lead(id, "Engaging", { occurred_at: "2026-11-23T08:10:00Z" })),
    );
    await deliver(acme, 30);
    minutes(1);
    const { requirements } = (await figures("?range=24h&pipeline=elsewhere")).readiness;
    expect(requirements).toEqual([
      { code: "leads", state: "not_yet", seen: 25 },
      { code: "days", state: "not_yet", seen: 1 },
      { code: "stages", state: "met", seen: 2 },
      { code: "rate", state: "met", seen: 0.2, of: 25, stage: "Engaging" },
      { code: "window", state: "unknown" },
      { code: "lead_ids", state: "met", seen: 1, of: 30 },
      { code: "daily", state: "met", seen: expect.closeTo(1, 1), of: 30 },
    ]);
  });

  test("are of this workspace, and of no connection of another", async () => {
    await push(other, [lead("1", "Prospecting"), lead("2", "Dancing")]);
    await push(acme, [lead("77", "Prospecting")]);
    minutes(1);
    const seen = await figures();
    expect(way(seen).read).toBe(1);
    const text = JSON.stringify(seen);
    for (const theirs of [other.connection.id, other.datasetId, "Other", other.tenant.id])
      expect(text).not.toContain(theirs);
    const foreign = await front.fetch(`/api/v1/figures?connection=${other.connection.id}`);
    expect(foreign.status).toBe(404);
    for (const wrong of ["?range=1y", "?range=7d&range=28d", "?since=2026-11-01"])
      expect((await front.fetch(`/api/v1/figures${wrong}`)).status).toBe(400);
  });

  test("show nothing of a person who was erased, and go on counting", async () => {
    await push(acme, [lead("1", "Prospecting"), lead("2", "Prospecting")]);
    await deliver(acme, 2);
    await front.store.pool.query("update outbox set record = 'erased:x' where tenant_id = $1 and record like '%:1'", [
      acme.tenant.id,
    ]);
    minutes(1);
    const seen = await figures();
    expect(way(seen).accepted).toBe(2);
    expect(seen.sample).toEqual({ count: 1, of: 2 });
  });

  test("count a day of long ago once, and again when its changes are decided anew", async () => {
    front.clock.at = new Date("2026-11-24T09:00:00Z");
    await push(acme, [lead("1", "Prospecting"), lead("2", "Dancing"), lead("3", "Dancing")]);
    await deliver(acme, 1);
    front.clock.at = new Date("2026-12-10T09:00:00Z");
    const first = await figures("?range=28d");
    expect(way(first)).toMatchObject({ read: 3, mapped: 1, accepted: 1 });
    const ledger = (set: string, of: string) =>
      front.store.pool.query(`update record_stage set ${set} where tenant_id = $1 and record = $2`, [
        acme.tenant.id,
        of,
      ]);
    await ledger("outcome = 'no_consent'", "lead:2"); // behind everybody's back: nobody looks at that day again
    expect(way(await figures("?range=28d"))).toMatchObject({ read: 3, mapped: 1 });
    await ledger("outcome = 'no_consent', read_at = '2026-12-10T08:00:00Z'", "lead:3");
    await front.store.pool.query("update tally set n = n - 1 where tenant_id = $1 and outcome = 'stage_not_mapped'", [
      acme.tenant.id,
    ]);
    expect(way(await figures("?range=28d"))).toMatchObject({ read: 3, mapped: 3, identified: 1 });
  });
});
