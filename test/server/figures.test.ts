import { describe, expect, test } from "vitest";
import { deliveriesView } from "../../server/api/deliveries.ts";
import type { Figures, StepView } from "../../server/api/figures.ts";
import { figuresOf, way } from "./figures-shown.ts";
import { lead, twoCustomers } from "./two-customers.ts";

const here = twoCustomers();
const figures = figuresOf(here);

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
    const answer = await here.front.fetch(`/api/v1/deliveries?${query}`);
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
          id: here.acme.connection.id,
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
      { connectionId: here.acme.connection.id, lastReadAt: "2026-11-23T09:00:00.000Z", stale: false, of: 0 },
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
    await here.front.store.pool.query(since, [here.acme.tenant.id]);
    await here.push(here.acme, [
      ...["1", "2", "3", "4", "5"].map((id) => lead(id, "Prospecting")),
      lead("6", "Dancing"),
      lead("7", "Lost"),
      lead("8", "Prospecting", { occurred_at: "2026-10-19T08:00:00Z" }),
      lead("9", "Prospecting", { lead_id: undefined }),
      lead("10", "Prospecting", { consent: false }),
      lead("11", "Prospecting", { occurred_at: "2026-11-11T11:00:00Z" }),
    ]);
    await here.deliver(here.acme, 2, 1);
    here.later(1);
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
    const { outbox, pool } = here.front.store;
    const { tenant, datasetId, connection } = here.acme;
    const ids = Array.from({ length: 12 }, (_, n) => `${n + 1}`);
    here.front.clock.at = new Date("2026-11-22T07:00:00Z"); // no longer one of the last 24 hours
    await here.push(here.acme, [
      ...ids.map((id) => lead(id, "Prospecting", { occurred_at: "2026-11-22T06:00:00Z" })),
      lead("13", "Dancing", { occurred_at: "2026-11-22T06:00:00Z" }),
    ]);
    await here.deliver(here.acme, 2, 3);
    const lease = (await outbox.claim("send", here.front.clock.at, 10, 60_000)).find(({ id }) => id === datasetId);
    if (!lease) throw new Error("nothing to send");
    const dead = [
      { seq: 6, reason: "expired" },
      { seq: 7, reason: "unconfirmed" },
    ] as const;
    // The eighth is looked at for itself, and goes again.
    await outbox.advance(lease, { cursor: 8, dead, aside: [8] }, here.front.clock.at);
    await outbox.release(lease, {}, here.front.clock.at);
    // A person is erased whose event still waits.
    await pool.query(
      "insert into dead_event (tenant_id, dataset_id, seq, at, reason) values ($1, $2, 10, $3, 'erased')",
      [tenant.id, datasetId, here.front.clock.at],
    );
    here.front.clock.at = new Date("2026-11-23T09:30:00Z");
    await here.push(here.acme, [
      lead("14", "Prospecting"),
      lead("15", "Lost"),
      lead("16", "Prospecting", { consent: false }),
    ]);
    expect(await outbox.redrive(tenant.id, datasetId, [{ seq: 3 }, { seq: 4 }], here.front.clock.at)).toEqual([3, 4]);
    here.later(1);
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
    here.front.clock.at = new Date("2026-11-22T08:30:00Z");
    await here.push(here.acme, [lead("1", "Prospecting", { occurred_at: "2026-11-22T08:00:00Z" })]);
    here.front.clock.at = new Date("2026-11-22T10:30:00Z");
    await here.push(here.acme, [lead("2", "Prospecting", { occurred_at: "2026-11-22T08:00:00Z" })]);
    here.front.clock.at = new Date("2026-11-23T09:30:00Z");
    await here.push(here.acme, [lead("3", "Prospecting")]);
    here.front.clock.at = new Date("2026-11-23T09:45:00Z");
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
    here.front.clock.at = new Date("2026-12-21T00:00:00Z");
    expect(way(await figures("?range=28d")).read).toBe(0);
  });

  test("measure the way from the change in the CRM to Meta's yes", async () => {
    await here.push(
      here.acme,
      ["1", "2", "3"].map((id) => lead(id, "Prospecting", { occurred_at: "2026-11-23T08:59:00Z" })),
    );
    await here.deliver(here.acme, 2);
    here.later(10);
    await here.deliver(here.acme, 1, 0, 3);
    here.later(1);
    expect((await figures()).sources).toMatchObject([{ of: 3, medianMs: 61_040, p95Ms: 661_040 }]);
  });

  test("hold what was seen in 28 days against what Meta requires, whatever is looked at", async () => {
    const ids = Array.from({ length: 25 }, (_, n) => `${n + 10}`);
    await here.push(
      here.acme,
      ids.map((id) => lead(id, "Prospecting")),
    );
    await here.push(
      here.acme,
      ids.slice(0, 5).map((id) => lead(id, "Engaging", { occurred_at: "2026-11-23T08:10:00Z" })),
    );
    await here.deliver(here.acme, 30);
    here.later(1);
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
    await here.push(here.other, [lead("1", "Prospecting"), lead("2", "Dancing")]);
    await here.push(here.acme, [lead("77", "Prospecting")]);
    here.later(1);
    const seen = await figures();
    expect(way(seen).read).toBe(1);
    const text = JSON.stringify(seen);
    for (const theirs of [here.other.connection.id, here.other.datasetId, "Other", here.other.tenant.id])
      expect(text).not.toContain(theirs);
    const foreign = await here.front.fetch(`/api/v1/figures?connection=${here.other.connection.id}`);
    expect(foreign.status).toBe(404);
    for (const wrong of ["?range=1y", "?range=7d&range=28d", "?since=2026-11-01"])
      expect((await here.front.fetch(`/api/v1/figures${wrong}`)).status).toBe(400);
  });

  test("show nothing of a person who was erased, and go on counting", async () => {
    await here.push(here.acme, [lead("1", "Prospecting"), lead("2", "Prospecting")]);
    await here.deliver(here.acme, 2);
    await here.front.store.pool.query(
      "update outbox set record = 'erased:x' where tenant_id = $1 and record like '%:1'",
      [here.acme.tenant.id],
    );
    here.later(1);
    const seen = await figures();
    expect(way(seen).accepted).toBe(2);
    expect(seen.sample).toEqual({ count: 1, of: 2 });
  });

  test("count a day of long ago once, and again when its changes are decided anew", async () => {
    here.front.clock.at = new Date("2026-11-24T09:00:00Z");
    await here.push(here.acme, [lead("1", "Prospecting"), lead("2", "Dancing"), lead("3", "Dancing")]);
    await here.deliver(here.acme, 1);
    here.front.clock.at = new Date("2026-12-10T09:00:00Z");
    const first = await figures("?range=28d");
    expect(way(first)).toMatchObject({ read: 3, mapped: 1, accepted: 1 });
    const ledger = (set: string, of: string) =>
      here.front.store.pool.query(`update record_stage set ${set} where tenant_id = $1 and record = $2`, [
        here.acme.tenant.id,
        of,
      ]);
    await ledger("outcome = 'no_consent'", "lead:2"); // behind everybody's back: nobody looks at that day again
    expect(way(await figures("?range=28d"))).toMatchObject({ read: 3, mapped: 1 });
    await ledger("outcome = 'no_consent', read_at = '2026-12-10T08:00:00Z'", "lead:3");
    await here.front.store.pool.query(
      "update tally set n = n - 1 where tenant_id = $1 and outcome = 'stage_not_mapped'",
      [here.acme.tenant.id],
    );
    expect(way(await figures("?range=28d"))).toMatchObject({ read: 3, mapped: 3, identified: 1 });
  });
});
