import { expect, test } from "vitest";
import { Failure } from "../../core/errors.ts";
import { indexMapping } from "../../core/mapping.ts";
import { day, hour, later, minute, seen, start, tenantId, world } from "./ingest-world.ts";

/** A connection whose first reading is over and whose stages of the last days are sent. */
async function connected(more: Parameters<typeof world>[0] = { sendFrom: later(-7 * day) }) {
  const it = world(more);
  await it.turn(start);
  return it;
}
/** Polls every quarter of an hour, as long as given. */
async function until(it: Awaited<ReturnType<typeof connected>>, at: Date, stepMs = 15 * minute): Promise<void> {
  while (it.now() < at) await it.turns(new Date(Math.min(at.getTime(), it.now().getTime() + stepMs)));
}
const entry = (id: string, stageId: string, at: Date) => ({ ...seen(id, stageId, 0), enteredAt: at });

test("an hour that was read before is compared every quarter of an hour, and nothing is missed", async () => {
  const it = await connected();
  it.script.baseline = [];
  it.script.truth = [seen("1", "a", 5)];
  it.script.changes = [[seen("1", "a", 5)]];
  await until(it, later(hour));
  expect(it.compared().map(([, missed]) => missed)).toEqual(it.compared().map(() => 0));
  expect(it.asked.history.length).toBe(4);
  expect(it.asked.history.at(-1)).toEqual({ from: start, to: later(50 * minute) });
  expect(it.events()).toEqual(["A"]);
});

test("what neither doorbell nor poll had brought is found within a quarter of an hour, sent, and its day is reported", async () => {
  const it = await connected();
  await until(it, later(2 * hour));
  it.script.truth = [entry("1", "a", later(2 * hour + 2 * minute)), entry("2", "a", later(90 * minute))];
  await it.turns(later(2 * hour + 15 * minute));
  expect(it.events()).toEqual(["A", "A"]);
  expect(it.compared().slice(-2)).toEqual([
    [2, 2],
    [2, 2],
  ]);
  expect(it.asked.history.at(-1)).toEqual({ from: later(-12 * hour), to: later(125 * minute) });
  expect(it.reconciled().at(-1)).toEqual({ day: "2026-11-23", seen: 2, missed: 2 });
});

test("a light comparison that misses nothing reports nothing", async () => {
  const it = await connected();
  await it.turns(later(15 * minute)); // the first night
  const before = it.kept.filter(({ reconciled }) => reconciled).length;
  await until(it, later(5 * hour));
  expect(it.compared().length).toBeGreaterThan(10);
  expect(it.kept.filter(({ reconciled }) => reconciled)).toHaveLength(before);
});

test("every night the last seven whole days are compared and reported, also those in which nothing happened", async () => {
  const it = await connected();
  it.script.truth = [entry("1", "a", later(-3 * day)), entry("1", "b", later(-3 * day + hour)), seen("2", "a", 30)];
  it.script.changes = [it.script.truth];
  await it.turns(later(15 * minute));
  expect(it.asked.history).toEqual([{ from: later(-7 * day), to: later(5 * minute) }]);
  expect(it.reconciled()).toEqual([
    { day: "2026-11-17", seen: 0, missed: 0 },
    { day: "2026-11-18", seen: 0, missed: 0 },
    { day: "2026-11-19", seen: 0, missed: 0 },
    { day: "2026-11-20", seen: 2, missed: 0 },
    { day: "2026-11-21", seen: 0, missed: 0 },
    { day: "2026-11-22", seen: 0, missed: 0 },
  ]);
  await until(it, later(day + 30 * minute), hour);
  expect(it.reconciled().map(({ day: date }) => date)).toContain("2026-11-23");
  expect(it.asked.history.filter(({ from, to }) => Number(to) - Number(from) > 2 * day)).toHaveLength(2);
});

test("days begin and end in UTC", async () => {
  const it = await connected();
  const midnight = new Date("2026-11-21T00:00:00Z");
  it.script.truth = [entry("1", "a", new Date(midnight.getTime() - 1)), entry("1", "b", midnight)];
  it.script.changes = [it.script.truth];
  await it.turns(later(15 * minute));
  const counts = new Map(it.reconciled().map((one) => [one.day, one.seen]));
  expect([counts.get("2026-11-20"), counts.get("2026-11-21")]).toEqual([1, 1]);
});

test("the first reading is no drift, and nothing before it and before the chosen start is compared", async () => {
  const it = await connected({ sendFrom: later(-hour) });
  it.script.truth = [entry("1", "a", later(-2 * day)), seen("2", "a", 30)];
  await it.turns(later(15 * minute));
  expect(it.asked.history).toEqual([{ from: later(-hour), to: later(5 * minute) }]);
  expect(it.compared()).toEqual([[1, 0]]);
  expect(it.events()).toEqual(["A"]);
});

test("a baseline under way is not compared", async () => {
  const it = world();
  it.script.baseline = [[seen("1", "a", 5)], [seen("2", "a", 5)]];
  it.crash.after = 1;
  await expect(it.turn()).rejects.toMatchObject({ code: "store_unavailable" });
  it.crash.after = Number.POSITIVE_INFINITY;
  await it.turns(later(hour));
  expect([it.asked.history, it.events()]).toEqual([[], ["A", "A"]]);
});

test("what rang a moment before the comparison met it is not missing", async () => {
  const it = await connected();
  const old = entry("7", "a", later(-minute));
  it.script.records = [old];
  it.script.truth = [old];
  // The doorbell and the search know it; the ring is answered in the next turn, the changes bring it before.
  it.script.beforePage = () => {
    it.script.changes = [[old]];
  };
  await it.turns(later(15 * minute));
  expect([it.compared(), it.events()]).toEqual([[[1, 0]], ["A"]]);
});

test("a ring that is answered between two slices leaves nothing missing", async () => {
  const it = await connected();
  it.script.historyPage = 1;
  it.script.truth = [entry("1", "a", later(-2 * day)), entry("2", "a", later(-day))];
  it.script.changes = [[it.script.truth[0] ?? seen("1", "a", 0)]];
  it.script.records = [it.script.truth[1] ?? seen("2", "a", 0)];
  it.script.beforePage = ({ n }) => {
    it.pass(6_000); // each page fills a slice
    if (n === 0) void it.ring("2");
  };
  await it.turns(later(15 * minute));
  expect([it.compared(), it.asked.read]).toEqual([[[2, 0]], ["deal:2"]]);
});

test.each([-20, 10, 20])("a CRM whose clock is %i minutes off makes no drift", async (minutes) => {
  const it = await connected();
  let made = 0;
  const move = () => {
    const moved = entry(String(made++), "a", new Date(it.now().getTime() + minutes * minute));
    it.script.truth.push(moved);
    it.script.changes.push([moved]);
  };
  // A deal moves every minute, and one more whenever a comparison is under way and its poll is over.
  it.script.beforePage = move;
  for (let at = 0; at < 3 * hour; at += minute) {
    it.pass(minute);
    move();
    await it.turns(it.now());
  }
  it.script.beforePage = () => {};
  await until(it, later(5 * hour));
  expect(it.compared().length).toBeGreaterThan(15);
  expect(it.compared().filter(([, missed]) => missed !== 0)).toEqual([]);
  expect(it.events()).toHaveLength(made);
});

test("seven days of ten thousand records are compared in slices, and the changes are read in between", async () => {
  const it = await connected();
  const all = Array.from({ length: 10_000 }, (_, n) => entry(String(n), "a", later(1.5 * day + n * 30_000)));
  const missing = new Set([17, 4_711, 9_999]);
  it.script.changes = [all.filter((_, n) => !missing.has(n))];
  it.can.backfill = false;
  await it.turns(later(8 * day - 2 * minute));
  it.can.backfill = true;
  it.script.truth = all;
  it.script.historyPage = 200;
  let polls = 0;
  it.script.beforePage = ({ n }) => {
    it.pass(1_250);
    if (n === 1) polls = it.asked.changes;
  };
  const turns = await it.turns(later(8 * day));
  // 50 pages of 1.25 s: a slice of 5 s is four pages, and a poll was due in the middle.
  expect([turns, it.compared()]).toEqual([13, [[10_000, 3]]]);
  expect(it.asked.changes).toBeGreaterThan(polls);
  expect(it.events()).toHaveLength(10_000);
  expect(it.reconciled().reduce((sum, { missed }) => sum + missed, 0)).toBe(3);
  expect(JSON.stringify(await it.outbox.checkpoint(tenantId, it.connection.id)).length).toBeLessThan(500);
});

test.each([true, false])(
  "a crash between two pages of a comparison changes none of its figures (page written: %s)",
  async (written) => {
    const figures = async (crashAfter: number) => {
      const it = await connected();
      const all = Array.from({ length: 10 }, (_, n) => entry(String(n), "a", later(2 * day + n * hour)));
      it.script.changes = [all.filter((_, n) => n !== 7)];
      it.can.backfill = false;
      await it.turns(later(5 * day - 2 * minute));
      it.can.backfill = true;
      it.script.truth = all;
      it.script.historyPage = 3;
      Object.assign(it.crash, { after: crashAfter, written });
      let at = later(5 * day);
      if (Number.isFinite(crashAfter)) {
        await expect(it.turns(at)).rejects.toMatchObject({ code: "store_unavailable" });
        it.crash.after = Number.POSITIVE_INFINITY;
        at = later(5 * day + 2 * minute);
      }
      await it.turns(at);
      return [it.compared(), it.reconciled().filter((one) => one.seen > 0), it.events().length];
    };
    const calm = await figures(Number.POSITIVE_INFINITY);
    expect(calm[0]).toEqual([[10, 1]]);
    // The first page kept in that turn is the poll's; with the lost entry another poll is made.
    for (let crashAfter = 2; crashAfter <= 5; crashAfter += 1)
      expect((await figures(crashAfter)).slice(1)).toEqual(calm.slice(1));
  },
);

test("a record that is met again because it changed meanwhile is counted once", async () => {
  const it = await connected();
  const all = Array.from({ length: 4 }, (_, n) => entry(String(n), "a", later(-5 * day + n * hour)));
  it.script.changes = [all];
  it.script.historyPage = 2;
  it.script.truth = [...all, ...all.slice(0, 2)];
  await it.turns(later(15 * minute));
  expect(it.compared()).toEqual([[4, 0]]);
});

test("a mapping that is changed in the middle of a comparison decides what it finds from then on", async () => {
  const it = await connected();
  it.script.historyPage = 1;
  it.script.truth = [entry("1", "a", later(-2 * day)), entry("2", "a", later(-day))];
  const { mapping } = it.setting.mapping;
  it.script.beforePage = ({ n }) => {
    it.pass(6_000);
    if (n === 1)
      it.setting.mapping = indexMapping({
        ...mapping,
        version: 2,
        rules: mapping.rules.map((rule) => ({ ...rule, eventName: `New ${rule.eventName}` })),
      });
  };
  await it.turns(later(15 * minute));
  expect([it.events(), it.compared()]).toEqual([["A", "New A"], [[2, 0]]]);
});

test("revoked in the middle of a comparison it waits, and goes on where it was once somebody has connected again", async () => {
  const it = await connected();
  it.script.historyPage = 1;
  const all = [entry("1", "a", later(-2 * day)), entry("2", "a", later(-day))];
  it.script.changes = [all];
  it.script.truth = all;
  it.script.beforePage = ({ n }) => {
    if (n === 1) throw new Failure("crm_disconnected");
  };
  await it.turns(later(15 * minute));
  expect([it.lane()?.paused, it.compared()]).toEqual(["crm_disconnected", []]);
  const pages: number[] = [];
  it.script.beforePage = ({ n }) => void pages.push(n);
  it.outbox.resumeLane(tenantId, "read", it.connection.id, later(30 * minute));
  await it.turns(later(30 * minute));
  expect([pages[0], it.compared()[0]]).toEqual([1, [2, 0]]);
});

test.each(["checkpoint_lost", "crm_schema", "crm_forbidden"] as const)(
  "where only the history fails (%s) the changes go on being read, and the next comparison comes in its time",
  async (code) => {
    const it = await connected();
    it.script.beforePage = () => {
      throw new Failure(code);
    };
    await it.turns(later(15 * minute));
    expect([it.lane()?.attempts, it.lane()?.why, it.asked.baseline]).toEqual([0, undefined, 1]);
    expect(it.facts).toContainEqual({ fact: "waits", lane: "read", why: code });
    const asked = it.asked.history.length;
    it.script.changes = [[seen("1", "a", 1)]];
    await it.turns(later(16 * minute));
    expect([it.events(), it.asked.history.length]).toEqual([["A"], asked]);
    it.script.beforePage = () => {};
    await it.turns(later(30 * minute));
    expect(it.compared()).toHaveLength(1);
  },
);

test("a limit of the CRM is kept to in a comparison as well", async () => {
  const it = await connected();
  it.script.beforePage = () => {
    throw new Failure("crm_limit", "", { retryAt: later(3 * hour) });
  };
  await it.turns(later(15 * minute));
  expect(it.lane()).toMatchObject({ why: "crm_limit", dueAt: later(3 * hour) });
});

test("a checkpoint that is lost between slices leads to a new first reading, not to drift", async () => {
  const it = await connected();
  it.script.truth = [seen("1", "a", 30)];
  it.script.changes = [[]];
  it.script.fail = new Failure("checkpoint_lost");
  await it.turn(later(15 * minute));
  it.script.fail = undefined;
  it.script.baseline = [[seen("1", "a", 30)]];
  await it.turns(later(15 * minute));
  await until(it, later(hour));
  expect(it.compared().every(([, missed]) => missed === 0)).toBe(true);
  expect(it.events()).toEqual(["A"]);
});

test("a position that was stored before there were comparisons goes on, and its first night comes within a day", async () => {
  const it = await connected();
  const [lease] = await it.outbox.claim("read", later(minute), 1, minute);
  const old = { v: 1, phase: "changes", polledAt: start.toISOString(), caughtUp: true, at: { v: 1, at: 0 } };
  if (!lease) throw new Error("nothing was due");
  await it.outbox.keep(lease, { outcomes: [], mappingVersion: 1, checkpoint: old }, later(minute));
  await it.outbox.release(lease, { dueAt: later(minute) }, later(minute));
  await it.turns(later(minute));
  expect([it.asked.baseline, it.asked.changes]).toEqual([1, 1]);
  await until(it, later(day), hour);
  expect(it.asked.history.filter(({ from, to }) => Number(to) - Number(from) > 2 * hour)).toHaveLength(0);
  await it.turns(later(day + 2 * minute));
  expect(it.asked.history.at(-1)?.from).toEqual(later(-6 * day - 12 * hour));
});

test("a CRM that keeps no history is not compared", async () => {
  const it = await connected();
  it.can.history = "none";
  await until(it, later(hour));
  expect([it.asked.history, it.asked.changes > 3]).toEqual([[], true]);
});
