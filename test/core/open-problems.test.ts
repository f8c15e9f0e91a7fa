import { describe, expect, test } from "vitest";
import { deadlineOf } from "../../core/meta/limits.ts";
import {
  type Evidence,
  isWorse,
  type LaneEvidence,
  openProblems,
  type RefusedGroup,
  settledAfterMs,
} from "../../core/open-problems.ts";
import { sentenceOf } from "../../core/sentences.ts";

const now = new Date("2026-11-23T12:00:00Z");
const ago = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);
const days = (n: number): number => n * 24 * 60;

const nothing: Evidence = { lanes: [], refused: [], drifts: [], endings: [], unmapped: [] };
const sender = (more: Partial<LaneEvidence>): LaneEvidence => ({
  kind: "send",
  id: "dst_x",
  name: "Acme leads",
  waiting: 40,
  since: ago(60),
  oldestEventAt: ago(90),
  expiring: 0,
  ...more,
});
const reader = (more: Partial<LaneEvidence>): LaneEvidence => ({
  kind: "read",
  id: "con_x",
  name: "Acme",
  connector: "hubspot",
  waiting: 0,
  since: ago(60),
  expiring: 0,
  ...more,
});
const group = (more: Partial<RefusedGroup> = {}): RefusedGroup => ({
  datasetId: "dst_x",
  name: "Acme leads",
  reason: "refused_invalid",
  count: 12,
  firstAt: ago(30),
  oldestEventAt: ago(days(2)),
  youngestEventAt: ago(50),
  ...more,
});
const causes = (...lanes: readonly LaneEvidence[]): readonly string[] =>
  openProblems({ ...nothing, lanes }, now).map(({ cause }) => cause);

test("no evidence, no problem", () => {
  expect(openProblems(nothing, now)).toEqual([]);
});

describe("a dataset", () => {
  test("that is blocked is a problem at once, with what waits and until when nothing is lost", () => {
    const lane = sender({ pausedReason: "meta_token", why: "meta_token", since: ago(0) });
    expect(openProblems({ ...nothing, lanes: [lane] }, now)).toEqual([
      {
        cause: "blocked:dst_x:meta_token",
        code: "meta_token",
        about: "dst_x",
        affected: 40,
        since: ago(0),
        deadlineAt: deadlineOf(ago(90)),
        details: { name: "Acme leads" },
      },
    ]);
  });

  test("that is blocked with nothing waiting has no deadline", () => {
    const [problem] = openProblems({ ...nothing, lanes: [sender({ pausedReason: "meta_token", waiting: 0 })] }, now);
    expect(problem).not.toHaveProperty("deadlineAt");
  });

  test("that waits for Meta becomes a problem after ten minutes", () => {
    expect(causes(sender({ why: "meta_down", since: ago(9.9) }))).toEqual([]);
    expect(causes(sender({ why: "meta_down", since: ago(10) }))).toEqual(["delayed:dst_x:meta_down"]);
    expect(causes(sender({ why: "meta_down", waiting: 0 }))).toEqual([]);
  });

  test("whose Meta fails now in this way, now in that, has one problem that says how it failed last", () => {
    const whys = ["meta_down", "meta_unreachable", "meta_no_answer", "meta_breaker"];
    const found = whys.flatMap((why) => openProblems({ ...nothing, lanes: [sender({ why })] }, now));
    expect(new Set(found.map(({ cause }) => cause))).toEqual(new Set(["delayed:dst_x:meta_down"]));
    expect(found.map(({ code }) => code)).toEqual(whys);
    expect(causes(sender({ why: "meta_limit" }), sender({ why: "meta_usage" }))).toEqual([
      "delayed:dst_x:meta_limit",
      "delayed:dst_x:meta_limit",
    ]);
  });

  test("that an admin paused is a problem once its first event has less than a day left", () => {
    const paused = { pausedReason: "by_admin", why: "by_admin" };
    expect(causes(sender({ ...paused, oldestEventAt: ago(days(5)) }))).toEqual([]);
    expect(causes(sender({ ...paused, oldestEventAt: ago(days(6)) }))).toEqual(["blocked:dst_x:by_admin"]);
    expect(causes(sender({ ...paused, waiting: 0, oldestEventAt: ago(days(6)) }))).toEqual([]);
  });

  test("whose events come too near to their deadline without anything else in the way is too slow", () => {
    expect(openProblems({ ...nothing, lanes: [sender({ expiring: 3, oldestEventAt: ago(days(6.5)) })] }, now)).toEqual([
      expect.objectContaining({
        cause: "expiring:dst_x",
        code: "expiring",
        affected: 3,
        deadlineAt: deadlineOf(ago(days(6.5))),
      }),
    ]);
    expect(causes(sender({ expiring: 3, since: ago(5) }))).toEqual([]);
    expect(causes(sender({ expiring: 0 }))).toEqual([]);
  });

  test("has one problem, not one that stops it and one that says that its events expire", () => {
    expect(causes(sender({ expiring: 3, pausedReason: "meta_token" }))).toEqual(["blocked:dst_x:meta_token"]);
    expect(causes(sender({ expiring: 3, why: "meta_down" }))).toEqual(["delayed:dst_x:meta_down"]);
  });

  test("that rests between halvings has its problem in what was refused", () => {
    expect(causes(sender({ why: "refused_invalid" }))).toEqual([]);
    expect(causes(sender({ why: "refused_invalid", expiring: 1 }))).toEqual(["expiring:dst_x"]);
  });
});

describe("a connection", () => {
  test("that is disconnected is a problem at once, with the day on which the CRM's changes become too old", () => {
    const lane = reader({ pausedReason: "crm_disconnected", why: "crm_disconnected", since: ago(1) });
    expect(openProblems({ ...nothing, lanes: [lane] }, now)).toEqual([
      {
        cause: "reading:con_x:crm_disconnected",
        code: "crm_disconnected",
        about: "con_x",
        affected: 0,
        since: ago(1),
        deadlineAt: deadlineOf(ago(1)),
        details: { name: "Acme", connector: "hubspot" },
      },
    ]);
    const late = openProblems({ ...nothing, lanes: [{ ...lane, since: ago(days(8)) }] }, now);
    expect(late[0]).not.toHaveProperty("deadlineAt");
  });

  test("that is slow becomes a problem after ten minutes, whichever way the network fails", () => {
    expect(causes(reader({ why: "crm_unavailable", since: ago(9) }))).toEqual([]);
    expect(causes(reader({ why: "crm_unavailable" }), reader({ why: "network_no_answer" }))).toEqual([
      "reading:con_x:crm_unavailable",
      "reading:con_x:crm_unavailable",
    ]);
    expect(causes(reader({ why: "crm_schema" }))).toEqual(["reading:con_x:crm_schema"]);
  });

  test("that goes on by itself at once is none", () => {
    expect(causes(reader({ why: "checkpoint_lost" }), reader({ why: "crm_token_stale" }))).toEqual([]);
  });

  test("that an admin paused is a problem once the CRM's changes have less than a day left", () => {
    const paused = { pausedReason: "by_admin", why: "by_admin" };
    expect(causes(reader({ ...paused, since: ago(days(3)) }))).toEqual([]);
    expect(causes(reader({ ...paused, since: ago(days(6)) }))).toEqual(["reading:con_x:by_admin"]);
    expect(causes(reader({ ...paused, since: ago(days(9)) }))).toEqual(["reading:con_x:by_admin"]);
  });
});

test("what Meta refused is grouped by reason, code and subcode, and can be sent again until the first deadline", () => {
  const refused = [
    group({ code: 100, subcode: 2804003, words: "Invalid parameter" }),
    group({ code: 100 }),
    group({ reason: "unconfirmed" }),
  ];
  const found = openProblems({ ...nothing, refused }, now);
  expect(found.map(({ cause }) => cause)).toEqual([
    "refused:dst_x:refused_invalid:100:2804003",
    "refused:dst_x:refused_invalid:100",
    "refused:dst_x:unconfirmed",
  ]);
  expect(found[0]).toMatchObject({
    code: "refused_invalid",
    affected: 12,
    since: ago(30),
    deadlineAt: deadlineOf(ago(days(2))),
    details: {
      datasetId: "dst_x",
      reason: "refused_invalid",
      code: 100,
      subcode: 2804003,
      words: "Invalid parameter",
      lastDeadlineAt: deadlineOf(ago(50)).toISOString(),
    },
  });
});

test("changes that only the comparison found are one problem of their connection", () => {
  const drift = { connectionId: "con_x", name: "Acme", connector: "hubspot", missed: 7, firstAt: ago(100) };
  expect(openProblems({ ...nothing, drifts: [drift] }, now)).toEqual([
    {
      cause: "drift:con_x",
      code: "drift",
      about: "con_x",
      affected: 7,
      since: ago(100),
      details: { name: "Acme", connector: "hubspot" },
    },
  ]);
});

test("what comes and goes by itself has to stay away for an hour, what a person mends for ten minutes", () => {
  const minutes = (cause: string): number => settledAfterMs(cause) / 60_000;
  expect(minutes("delayed:dst_x:meta_down")).toBe(60);
  expect(minutes("reading:con_x:crm_unavailable")).toBe(60);
  expect(minutes("blocked:dst_x:meta_token")).toBe(10);
  expect(minutes("reading:con_x:crm_disconnected")).toBe(10);
  expect(minutes("refused:dst_x:refused_invalid:100")).toBe(10);
});

describe("an access that ends", () => {
  const ending = { datasetId: "dst_x", name: "Acme leads", endsAt: new Date("2026-12-02T12:00:00Z") };

  test("is a problem of its own until it is renewed, and another end is another problem", () => {
    const [problem] = openProblems({ ...nothing, endings: [ending] }, now);
    expect(problem).toEqual({
      cause: "ending:dst_x:2026-12-02T12:00:00.000Z",
      code: "access_ending",
      about: "dst_x",
      affected: 0,
      since: new Date("2026-11-18T12:00:00Z"),
      deadlineAt: ending.endsAt,
      details: { name: "Acme leads" },
    });
    expect(settledAfterMs(problem?.cause ?? "")).toBe(10 * 60_000);
  });

  test.each([
    ["2026-11-23T12:00:00Z", "in 9 days"],
    ["2026-12-01T11:00:00Z", "in 25 hours"],
    ["2026-12-02T11:30:00Z", "in 1 hour"],
    ["2026-12-02T12:30:00Z", "it has ended"],
  ])("is told of with the time that is left: at %s %s", (at, words) => {
    const trouble = {
      cause: "ending:dst_x:y",
      code: "access_ending",
      affected: 0,
      since: now,
      deadlineAt: ending.endsAt,
    };
    expect(sentenceOf(trouble, new Date(at), (instant) => instant.toISOString())).toBe(
      `The access to Meta ends soon: ${words}, on 2026-12-02T12:00:00.000Z.`,
    );
  });
});

describe("a muted problem has become worse", () => {
  const hours = (n: number): number => n * 60;
  const at = (minutes: number): Date => ago(-minutes);
  const muted = { at: at(0), affected: 8, deadlineAt: at(hours(100)) };
  const asNow = (cause: string, affected: number, deadlineAt?: Date) => ({
    cause,
    affected,
    ...(deadlineAt && { deadlineAt }),
  });

  test("when twice as much is affected, and at least ten more", () => {
    expect(isWorse(muted, asNow("refused:dst_x:refused_invalid", 17), at(1))).toBe(false);
    expect(isWorse(muted, asNow("refused:dst_x:refused_invalid", 18), at(1))).toBe(true);
    const large = { ...muted, affected: 1_000 };
    expect(isWorse(large, asNow("blocked:dst_x:meta_token", 1_999), at(1))).toBe(false);
    expect(isWorse(large, asNow("blocked:dst_x:meta_token", 2_000), at(1))).toBe(true);
  });

  test("when what waits is a day from being lost, unless it was so near already", () => {
    const blocked = asNow("blocked:dst_x:meta_token", 8, at(hours(100)));
    expect(isWorse(muted, blocked, at(hours(75)))).toBe(false);
    expect(isWorse(muted, blocked, at(hours(77)))).toBe(true);
    expect(isWorse({ ...muted, at: at(hours(80)) }, blocked, at(hours(90)))).toBe(false);
    expect(isWorse(muted, asNow("refused:dst_x:unconfirmed", 8, at(hours(100))), at(hours(99)))).toBe(false);
  });
});
