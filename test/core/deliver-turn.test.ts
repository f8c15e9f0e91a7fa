import { expect, test } from "vitest";
import { limits } from "../../core/meta/limits.ts";
import type { Verdict } from "../../core/meta/verdict.ts";
import { accepted, after, dataset, down, lane, names, start, stumble, tenant, unheard } from "./sending-lane.ts";

const refused: Verdict = { verdict: "refused", why: "refused_invalid", code: 100, subcode: 2804019 };

test("a pause in the middle of halving is seen at the next step: no other request leaves", async () => {
  const it = await lane(names(64), (batch) => {
    if (batch.length === 16) it.outbox.pauseLane(tenant, "send", dataset, "by_admin");
    return batch.includes("e20") ? refused : accepted(batch);
  });
  await it.turn();
  expect(it.sent.map((batch) => batch.length)).toEqual([64, 32, 16]);
  expect(it.state()).toMatchObject({ paused: "by_admin", cursorSeq: 16, dueAt: undefined });
  it.outbox.resumeLane(tenant, "send", dataset, after(60_000));
  await it.drain();
  expect([it.took.length, it.dead()]).toEqual([63, ["21 refused_invalid"]]);
});

test("a pause while an event is asked about without its lead id stops that too", async () => {
  const payload = '{"event_name":"x","user_data":{"lead_id":123456789012345,"em":["h"]}}';
  const it = await lane([{ name: "x", payload }], () => {
    it.outbox.pauseLane(tenant, "send", dataset, "by_admin");
    return { verdict: "refused", why: "refused_lead_id" };
  });
  await it.turn();
  expect([it.sent.length, it.state()?.cursorSeq]).toEqual([1, 0]);
});

test("a worker whose lease was taken over in the middle writes nothing more and asks Meta nothing more", async () => {
  const it = await lane(names(64), async (batch) => {
    if (batch.length === 16) await it.outbox.claim("send", after(limits.leaseMs), 1, limits.leaseMs);
    return batch.includes("e20") ? refused : accepted(batch);
  });
  await expect(it.turn()).rejects.toMatchObject({ code: "lease_lost" });
  expect([it.sent.length, it.state()?.cursorSeq, it.state()?.token]).toEqual([3, 0, 2]);
});

test("a crash between Meta's yes and our note sends the same payloads again, and nothing else", async () => {
  const it = await lane(names(3), accepted);
  const crash = async () => {
    throw new Error("killed");
  };
  await expect(it.turn(start, { advance: crash })).rejects.toThrow("killed");
  expect(await it.turn(after(limits.leaseMs - 1))).toBe(false);
  await it.keep([{ name: "new" }]);
  await it.turn(after(limits.leaseMs));
  expect(it.sent).toEqual([
    ["e0", "e1", "e2"],
    ["e0", "e1", "e2", "new"],
  ]);
});

test("begins no request that could outlive its lease, not even to halve", async () => {
  const it = await lane(names(64), (batch) => {
    it.passes(limits.leaseMs - limits.requestMs);
    return batch.includes("e20") ? refused : accepted(batch);
  });
  await it.turn();
  expect(it.sent).toHaveLength(1);
  expect(it.state()).toMatchObject({ cursorSeq: 0, dueAt: after(limits.leaseMs - limits.requestMs) });
  await it.drain();
  expect([it.took.length, it.dead()]).toEqual([63, ["21 refused_invalid"]]);
});

test("a dataset that Meta answers slowly gives way by time, not only by requests", async () => {
  const it = await lane(names(6000), (batch) => {
    it.passes(limits.turnMs / 2);
    return accepted(batch);
  });
  await it.turn();
  expect([it.sent.length, it.state()?.dueAt]).toEqual([2, after(limits.turnMs)]);
});

test("what expires while the lane waits for Meta is given up and never sent", async () => {
  const young = new Date(start.getTime() - limits.maxAgeMs + limits.ageMarginMs + 600_000);
  let away = true;
  const it = await lane([{ name: "old", at: young }, { name: "new" }], (batch) => (away ? down : accepted(batch)));
  while (it.state()?.dueAt !== undefined && it.state()?.dueAt?.getTime() !== start.getTime() + 600_000) await it.turn();
  away = false;
  await it.turn(after(600_001));
  expect([it.dead(), it.took]).toEqual([["1 expired"], ["new"]]);
});

test("events of a request that nobody answered go again by themselves; what is new goes behind them", async () => {
  const verdicts: Verdict[] = [unheard];
  const it = await lane(names(2), (batch) => verdicts.pop() ?? accepted(batch));
  await it.turn();
  expect(it.state()?.unsure).toEqual({ since: start, upTo: 2 });
  await it.keep([{ name: "new" }]);
  await it.turn();
  expect(it.sent).toEqual([["e0", "e1"], ["e0", "e1"], ["new"]]);
  expect(it.state()?.unsure).toBeUndefined();
});

test("47 hours after the first such request they are given up as unconfirmed, across crashes too; the others go", async () => {
  let silent = true;
  const it = await lane(names(2), (batch) => (silent ? unheard : accepted(batch)));
  await it.turn();
  await it.keep([{ name: "new" }]);
  for (let due = it.state()?.dueAt; due && due < after(46 * 3_600_000); due = it.state()?.dueAt) {
    const crash = { release: () => Promise.reject(new Error("killed")) };
    await it.turn(due, crash).catch(() => {}); // a worker that dies each time, and the next one goes on
    const until = it.state()?.leaseUntil;
    if (until) await it.turn(until);
  }
  expect(it.dead()).toEqual([]);
  silent = false;
  const asked = it.sent.length;
  await it.turn(after(limits.unsureMs + 1));
  expect([it.dead(), it.sent.slice(asked)]).toEqual([["1 unconfirmed", "2 unconfirmed"], [["new"]]]);
  expect(it.state()).toMatchObject({ unsure: undefined, attempts: 0, why: undefined });
});

test("up to 47 hours they are sent again with the same payloads", async () => {
  let silent = true;
  const it = await lane(names(2), (batch) => (silent ? unheard : accepted(batch)));
  await it.turn();
  silent = false;
  await it.turn(after(limits.unsureMs));
  expect([it.dead(), it.took]).toEqual([[], ["e0", "e1"]]);
});

test("where Meta's limit is near the lane gives way and says so; the next ordinary answer ends it", async () => {
  let percent = limits.usageSlow;
  const it = await lane(names(2500), (batch) => ({ ...accepted(batch), usage: { percent } }));
  await it.turn();
  expect(it.sent).toHaveLength(1);
  expect(it.state()).toMatchObject({
    dueAt: after(limits.usageSlowMs),
    why: "meta_usage",
    attempts: 0,
    cursorSeq: 1000,
  });
  percent = limits.usageSlow - 1;
  await it.turn();
  expect([it.sent.length, it.state()?.why, it.state()?.dueAt]).toEqual([3, undefined, undefined]);
});

test("at the limit's edge it rests, as long as Meta says where it says so, even when nothing is left", async () => {
  const usages = [{ percent: limits.usageRest }, { percent: 10, restMs: 19 * 60_000 }];
  const it = await lane(names(1), (batch) => ({ ...accepted(batch), usage: usages.shift() ?? { percent: 0 } }));
  await it.turn();
  expect(it.state()).toMatchObject({ why: "meta_usage", dueAt: after(limits.usageRestMs) });
  await it.keep([{ name: "next" }]);
  await it.turn();
  expect(it.state()?.dueAt).toEqual(after(limits.usageRestMs + 19 * 60_000));
  await it.turn();
  expect(it.state()).toMatchObject({ why: undefined, dueAt: undefined });
});

test("halving near the limit goes on when it only has to go slowly, and comes further each time when it has to rest", async () => {
  for (const [percent, turns] of [
    [limits.usageSlow, 1],
    [limits.usageRest, 40],
  ] as const) {
    const it = await lane(names(64), (batch) =>
      batch.includes("e20") ? { ...refused, usage: { percent } } : { ...accepted(batch), usage: { percent } },
    );
    await it.turn();
    if (percent === limits.usageRest) expect(it.sent).toHaveLength(1);
    for (let turn = 1; turn < turns; turn += 1) if (it.state()?.cursorSeq !== 64) await it.turn();
    expect([it.dead(), it.state()?.cursorSeq]).toEqual([["21 refused_invalid"], 64]);
  }
});

test("a breaker that is open lets the lane wait without a request, and what failed before is not forgotten", async () => {
  const it = await lane(names(3), () => down);
  await it.turn();
  const [lease] = await it.outbox.claim("send", after(5_000), 1, 1);
  if (!lease) throw new Error("no lane");
  for (let n = 0; n < limits.breaker.requests; n += 1) it.ports.breakers.heard(lease, "fails");
  await it.turn(after(5_010));
  expect(it.sent).toHaveLength(1);
  expect(it.state()).toMatchObject({ why: "meta_breaker", attempts: 1, dueAt: after(limits.breaker.restMs) });
  await it.turn(); // the look, which fails as well
  await it.turn();
  expect(it.sent).toHaveLength(2);
  expect(it.state()).toMatchObject({ why: "meta_breaker", attempts: 2, dueAt: after(3 * limits.breaker.restMs) });
});

test("the app's own limit lets every dataset rest, a dataset's only this one", async () => {
  const at = after(300_000);
  for (const [code, rests] of [
    [4, at],
    [17, undefined],
    [80004, undefined],
  ] as const) {
    const it = await lane(names(1), () => ({ verdict: "retry", why: "meta_limit", code, at }));
    await it.turn();
    expect(it.state()).toMatchObject({ why: "meta_limit", dueAt: at });
    const [lease] = await it.outbox.claim("send", at, 1, 1);
    if (!lease) throw new Error("no lane");
    expect(it.ports.breakers.ask({ ...lease, id: "dst_2" })).toEqual(rests);
  }
});

test("limits, blocks and refusals never open a breaker, and neither does the search for one event", async () => {
  const it = await lane(names(60), (batch) => (batch.includes("e7") ? stumble : accepted(batch)));
  for (let turn = 0; turn < limits.shrinkAfter; turn += 1) await it.turn();
  expect(it.sent.length).toBeGreaterThan(limits.breaker.requests);
  expect(it.facts).not.toContainEqual(expect.objectContaining({ why: "meta_breaker" }));
  expect(it.took).toHaveLength(59);
});

test("tells each request, each event that leaves the lane, and each wait; nothing personal", async () => {
  const verdicts: Verdict[] = [refused, down];
  const it = await lane([{ name: "ann@example.com" }], () => verdicts.pop() ?? refused);
  it.passes(2_000);
  await it.turn(after(2_000));
  await it.turn();
  expect(it.facts).toEqual([
    { fact: "request", verdict: "retry", why: "meta_down", events: 1, tookMs: 0 },
    { fact: "waits", lane: "send", why: "meta_down" },
    { fact: "request", verdict: "refused", why: "refused_invalid", events: 1, tookMs: 0 },
    { fact: "settled", as: "refused", why: "refused_invalid", lagMs: 7_000, dwellMs: 7_000 },
  ]);
});

test("what is given up keeps Meta's own words, code, subcode and trace id", async () => {
  const said = { code: 100, subcode: 2804050, words: "Too few keys: add more", traceId: "A9" };
  const it = await lane(names(4), (batch) =>
    batch.includes("e2") ? { verdict: "refused", why: "refused_keys", status: 400, ...said } : accepted(batch),
  );
  await it.turn();
  expect([...it.outbox.dead(tenant, dataset).values()]).toEqual([{ seq: 3, reason: "refused_keys", ...said }]);
});

test("fewer received than sent is told and not sent again", async () => {
  const it = await lane(names(3), () => ({ verdict: "accepted", received: 2 }));
  await it.drain();
  expect(it.sent).toHaveLength(1);
  expect(it.facts[0]).toEqual({ fact: "request", verdict: "accepted", why: "received_fewer", events: 3, tookMs: 0 });
  expect(it.facts.filter(({ fact }) => fact === "settled")).toHaveLength(3);
});

test("10,000 events, one too old, one refused for its lead id, one fault, one lost answer: 9,998 taken in 60 requests", async () => {
  const payload = (n: number) =>
    `{"event_name":"e${n}","event_id":"${n}","user_data":{"lead_id":${n === 7_007 ? "666666666666666" : "123456789012345"}}}`;
  const old = new Date(start.getTime() - 8 * 86_400_000);
  const it = await lane(
    Array.from({ length: 10_000 }, (_, n) => ({ name: `e${n}`, payload: payload(n), ...(n === 3_500 && { at: old }) })),
    (batch) => {
      if (it.sent.length === 3) return down;
      if (batch.some((event) => event.includes("666666666666666")))
        return { verdict: "refused", why: "refused_lead_id", code: 100, subcode: 2804036 };
      for (const event of batch) atMeta.set(event, (atMeta.get(event) ?? 0) + 1);
      return it.sent.length === 6 ? unheard : accepted(batch);
    },
  );
  const atMeta = new Map<string, number>();
  await it.drain();
  expect(it.dead()).toEqual(["3501 expired", "7008 refused_lead_id"]);
  expect([atMeta.size, it.state()?.cursorSeq]).toEqual([9_998, 10_000]);
  expect([...atMeta.values()].filter((times) => times > 1).length).toBeLessThanOrEqual(limits.batch);
  expect(it.sent.length).toBeLessThanOrEqual(60);
});
