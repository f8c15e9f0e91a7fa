import { expect, test } from "vitest";
import { limits } from "../../core/meta/limits.ts";
import type { Verdict } from "../../core/meta/verdict.ts";
import { accepted, after, dataset, lane, names, start, tenant } from "./sending-lane.ts";

test("everything that waits leaves in order, and the lane rests", async () => {
  const it = await lane(names(2500), accepted);
  await it.turn();
  expect(it.sent.map((batch) => batch.length)).toEqual([1000, 1000, 500]);
  expect(it.sent.flat()).toEqual(names(2500).map(({ name }) => name));
  expect(it.state()).toMatchObject({ cursorSeq: 2500, dueAt: undefined, attempts: 0 });
});

test("a lane gives way after its turn and is due again at once", async () => {
  const it = await lane(names(6000), accepted);
  await it.turn();
  expect(it.sent).toHaveLength(limits.requestsPerTurn);
  expect(it.state()?.dueAt).toEqual(start);
});

test("bad events are refused by themselves, and the others go through", async () => {
  const it = await lane(names(1000), (batch) =>
    batch.includes("e7") || batch.includes("e900") ? { verdict: "refused", why: "refused_invalid" } : accepted(batch),
  );
  for (let n = 0; n < 5 && (await it.turn()); n += 1);
  expect(it.dead()).toEqual(["8 refused_invalid", "901 refused_invalid"]);
  expect(it.state()?.cursorSeq).toBe(1000);
});

test("a spent halving budget waits a minute and goes on where it was", async () => {
  const it = await lane(names(500), () => ({ verdict: "refused", why: "refused_keys", subcode: 2804050 }));
  await it.turn();
  expect(it.sent.length).toBe(limits.halvingPerTurn);
  const given = it.dead().length;
  expect(it.state()).toMatchObject({ cursorSeq: given, dueAt: after(limits.halvingPauseMs) });
});

test("a refusal that names nothing and hits one event after the other blocks the dataset instead of giving them up", async () => {
  const it = await lane(names(300), () => ({ verdict: "refused", why: "refused_invalid", code: 100 }));
  await it.turn();
  expect([it.dead(), it.state()]).toMatchObject([[], { paused: "meta_unclear", cursorSeq: 0 }]);
});

test("the only event of a lane that is refused without a word is given up", async () => {
  const it = await lane(names(1), () => ({ verdict: "refused", why: "refused_invalid", code: 100 }));
  await it.turn();
  expect([it.dead(), it.state()]).toMatchObject([["1 refused_invalid"], { paused: undefined, cursorSeq: 1 }]);
});

test("an event too old to be taken is given up without being sent, and does not hold up the others", async () => {
  const old = new Date(start.getTime() - limits.maxAgeMs + limits.ageMarginMs - 1);
  const it = await lane([{ name: "a" }, { name: "old", at: old }, { name: "b" }], accepted);
  await it.turn();
  expect([it.sent, it.dead()]).toEqual([[["a"], ["b"]], ["2 expired"]]);
});

test("an event whose time lies ahead waits until then", async () => {
  const it = await lane([{ name: "now" }, { name: "soon", at: after(90_000) }], accepted);
  await it.turn();
  expect([it.sent, it.state()?.dueAt]).toEqual([[["now"]], after(90_000)]);
  await it.turn(after(90_000));
  expect(it.sent).toEqual([["now"], ["soon"]]);
});

test("when Meta fails the whole lane waits, longer each time, and the same events go again", async () => {
  let down = true;
  const it = await lane(names(3), (batch) => (down ? { verdict: "retry", why: "meta_down" } : accepted(batch)));
  await it.turn();
  expect(it.state()).toMatchObject({ attempts: 1, why: "meta_down", dueAt: after(5_000), cursorSeq: 0 });
  expect(await it.turn(after(4_999))).toBe(false);
  await it.turn(after(5_000));
  expect(it.state()).toMatchObject({ attempts: 2, dueAt: after(15_000) });
  down = false;
  await it.turn(after(15_000));
  expect(it.state()).toMatchObject({ attempts: 0, why: undefined, cursorSeq: 3 });
  expect(it.sent).toEqual([
    ["e0", "e1", "e2"],
    ["e0", "e1", "e2"],
    ["e0", "e1", "e2"],
  ]);
});

test("an answer that never came sends the same payloads again", async () => {
  const verdicts: Verdict[] = [{ verdict: "unknown", why: "meta_no_answer" }];
  const it = await lane(names(2), (batch) => verdicts.pop() ?? accepted(batch));
  await it.turn();
  await it.turn(after(5_000));
  expect([it.sent, it.verdicts()]).toEqual([
    [
      ["e0", "e1"],
      ["e0", "e1"],
    ],
    ["2 unknown", "2 accepted"],
  ]);
});

test("Meta's own waiting time is respected", async () => {
  const it = await lane(names(1), () => ({ verdict: "retry", why: "meta_limit", at: after(600_000) }));
  await it.turn();
  expect(it.state()?.dueAt).toEqual(after(600_000));
});

test("a dead token pauses the lane until somebody resumes it; nothing is lost", async () => {
  let dead = true;
  const it = await lane(names(2), (batch) => (dead ? { verdict: "blocked", why: "meta_token" } : accepted(batch)));
  await it.turn();
  expect(it.state()).toMatchObject({ paused: "meta_token", dueAt: undefined, cursorSeq: 0 });
  dead = false;
  it.outbox.resumeLane(tenant, "send", dataset, after(1));
  await it.turn(after(1));
  expect(it.state()).toMatchObject({ cursorSeq: 2, paused: undefined });
});

test("an event whose lead id Meta does not know goes again without it when a mail address is there", async () => {
  const payload = (keys: string) => `{"event_name":"x","user_data":{${keys}}}`;
  const both = payload('"lead_id":123456789012345,"em":["h"]');
  const it = await lane(
    [
      { name: "both", payload: both },
      { name: "only", payload: payload('"lead_id":123456789012345') },
    ],
    (batch) =>
      batch.some((event) => event.includes("lead_id"))
        ? { verdict: "refused", why: "refused_lead_id" }
        : accepted(batch),
  );
  await it.turn();
  expect(it.sent.at(-2)).toEqual([payload('"em":["h"]')]);
  expect(it.dead()).toEqual(["2 refused_lead_id"]);
});

test("a request stays below the byte limit", async () => {
  const it = await lane(
    Array.from({ length: 30 }, (_, n) => ({ name: `${n}`, payload: "x".repeat(100_000) })),
    accepted,
  );
  await it.turn();
  for (const batch of it.sent) expect(batch.join("").length).toBeLessThanOrEqual(limits.batchBytes);
});
