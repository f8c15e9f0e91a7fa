import fc from "fast-check";
import { expect, test } from "vitest";
import { limits } from "../../core/meta/limits.ts";
import type { Verdict } from "../../core/meta/verdict.ts";
import { accepted, after, dataset, down, lane, type Meta, names, start, stumble, tenant } from "./sending-lane.ts";

/** Answers "unknown error" to every request that holds one of these. */
const stumblesOver =
  (...poisons: readonly string[]): Meta =>
  (batch) =>
    batch.some((event) => poisons.includes(event)) ? stumble : accepted(batch);
/** Lives on until nothing else waits than events that Meta stumbles over; something new comes in every minute. */
async function liveOn(it: Awaited<ReturnType<typeof lane>>, minutes: number) {
  for (let minute = 1; minute <= minutes; minute += 1) {
    await it.keep([{ name: `new${minute}` }], after(minute * 60_000));
    for (let due = it.state()?.dueAt; due && due < after((minute + 1) * 60_000); due = it.state()?.dueAt)
      await it.turn(due);
  }
}

test("an event that makes Meta say 'unknown error' for ever is set aside, tried again, and given up with Meta's words", async () => {
  const it = await lane(names(40), stumblesOver("e20"));
  await liveOn(it, 30);
  expect(it.outbox.events(tenant, dataset).filter(({ payload }) => payload === "e20")).toHaveLength(1 + limits.asides);
  const [given] = it.outbox.dead(tenant, dataset).values();
  expect(given).toMatchObject({ reason: "refused_again", code: 1, words: "Unknown error" });
  const everybody = [...names(40), ...Array.from({ length: 30 }, (_, n) => ({ name: `new${n + 1}` }))];
  expect(it.took).toEqual(everybody.map(({ name }) => name).filter((name) => name !== "e20"));
  expect(it.state()).toMatchObject({ attempts: 0, why: undefined, dueAt: undefined });
});

test("the others wait for a few tries only, whoever stands beside it", async () => {
  for (const poisons of [["e0"], ["e0", "e1"], ["e19", "e20"], ["e10", "e30"], ["e38", "e39"]]) {
    const it = await lane(names(40), stumblesOver(...poisons));
    for (let turn = 0; turn < limits.shrinkAfter; turn += 1) await it.turn();
    expect([poisons, it.took.length]).toEqual([poisons, 40 - poisons.length]);
    expect(it.state()?.dueAt?.getTime()).toBeLessThan(start.getTime() + 3 * 60_000);
  }
});

test("even a row of ten is passed: each turn looks further", async () => {
  const poisons = names(10).map(({ name }) => name);
  const it = await lane(names(20), stumblesOver(...poisons));
  while (it.state()?.cursorSeq === 0) await it.turn();
  expect(it.state()?.dueAt?.getTime()).toBeLessThan(start.getTime() + 15 * 60_000);
  for (let turn = 0; turn < limits.shrinkAfter; turn += 1) await it.turn();
  expect(it.took.length).toBe(10);
  expect(it.dead()).toEqual([]);
});

test("a row of ten behind others that Meta takes is passed in one turn: it is not Meta that is down", async () => {
  const poisons = names(30)
    .slice(20)
    .map(({ name }) => name);
  const it = await lane(names(40), stumblesOver(...poisons));
  for (let turn = 0; turn < limits.shrinkAfter; turn += 1) await it.turn();
  expect(it.took).toHaveLength(30);
});

test("a search that uses up its requests is gone on with a minute later, without failing five times more", async () => {
  const poisons = names(200)
    .map(({ name }) => name)
    .filter((_, n) => n % 5 === 4);
  const it = await lane(names(200), stumblesOver(...poisons));
  for (let turn = 0; turn < limits.shrinkAfter; turn += 1) await it.turn();
  const { cursorSeq, dueAt } = it.state() ?? {};
  expect(cursorSeq).toBeGreaterThan(0);
  expect(it.sent.length).toBe(limits.shrinkAfter - 1 + limits.halvingPerTurn);
  expect(dueAt?.getTime()).toBe(lastAt(it) + limits.halvingPauseMs);
  for (let turn = 0; turn < 4; turn += 1) await it.turn();
  expect(it.took.length).toBe(160);
});

test("before that many failures it is a fault of Meta's like any other: one request, and a wait", async () => {
  const it = await lane(names(40), stumblesOver("e20"));
  for (let turn = 1; turn < limits.shrinkAfter; turn += 1) {
    await it.turn();
    expect(it.state()).toMatchObject({ attempts: turn, why: "meta_down" });
  }
  expect(it.sent.map((batch) => batch.length)).toEqual([40, 40, 40, 40]);
});

test("a Meta that says 'unknown error' to everything makes nobody set aside or give up anything", async () => {
  const it = await lane(names(50), () => stumble);
  for (let turn = 0; turn < 60; turn += 1) await it.turn();
  expect([it.dead(), it.state()?.cursorSeq, it.outbox.events(tenant, dataset).length]).toEqual([[], 0, 50]);
  const lastTurn = it.outbox.dispatches(tenant, dataset).filter(({ sentAt }) => sentAt.getTime() === lastAt(it));
  expect(lastTurn.length).toBeLessThanOrEqual(limits.mostDoubts);
  // A search tells the breakers nothing; that it found nobody whom Meta takes is one fault.
  expect(it.signs.slice(-lastTurn.length)).toEqual([...lastTurn.slice(1).map(() => "neither"), "fails"]);
});
const lastAt = (it: Awaited<ReturnType<typeof lane>>): number =>
  it.outbox.dispatches(tenant, dataset).at(-1)?.sentAt.getTime() ?? 0;

test("such an event and an outage at once: afterwards the others go, and it alone is set aside", async () => {
  let away = true;
  const it = await lane(names(40), (batch) => (away ? down : stumblesOver("e3")(batch, start)));
  for (let turn = 0; turn < 15; turn += 1) await it.turn();
  away = false;
  await it.turn();
  expect(it.took).toEqual(
    names(40)
      .map(({ name }) => name)
      .filter((name) => name !== "e3"),
  );
  expect(it.outbox.events(tenant, dataset).filter(({ asides }) => asides > 0)).toMatchObject([{ payload: "e3" }]);
});

test("Meta recovers between two requests: whoever is set aside by it is innocent, and taken a moment later", async () => {
  let requests = 0;
  const it = await lane(names(8), (batch) => {
    requests += 1;
    return requests <= limits.shrinkAfter + 4 ? stumble : accepted(batch);
  });
  await it.drain();
  expect([it.dead(), it.took.toSorted()]).toEqual([[], names(8).map(({ name }) => name)]);
});

test("an event refused beside one that Meta stumbles over is given up in its turn, and neither takes the other along", async () => {
  const it = await lane(names(12), (batch) => {
    if (batch.includes("e4")) return stumble;
    return batch.includes("e5") ? { verdict: "refused", why: "refused_keys", subcode: 2804050 } : accepted(batch);
  });
  for (let turn = 0; turn < limits.shrinkAfter; turn += 1) await it.turn();
  expect(it.dead()).toEqual(["6 refused_keys"]);
  expect(it.outbox.events(tenant, dataset).slice(12)).toMatchObject([{ payload: "e4", asides: 1 }]);
});

test("what expires behind one that Meta stumbles over does not carry it away", async () => {
  const old = new Date(start.getTime() - limits.maxAgeMs + limits.ageMarginMs + 60_000);
  const it = await lane([{ name: "e0" }, { name: "old", at: old }, { name: "e1" }], (batch) =>
    batch.includes("e0") || batch.includes("e1") ? stumble : accepted(batch),
  );
  for (let turn = 0; turn < 8; turn += 1) await it.turn();
  expect([it.dead(), it.state()?.cursorSeq]).toEqual([[], 0]);
});

/** One stage of one lead. */
const of = (lead: string, stage: string) => ({
  name: stage,
  payload: `{"event_name":"${stage}","user_data":{"em":["${lead}"]}}`,
});

test("the later stages of a lead stay behind the one that is set aside, wherever they stand", async () => {
  const [ann, bob, cyd] = [
    [of("ann", "new"), of("ann", "won")],
    [of("bob", "new"), of("bob", "won")],
    [of("cyd", "new")],
  ] as const;
  for (const events of [
    [ann[0], ann[1], ...bob, ...cyd],
    [ann[0], bob[0], ann[1], bob[1], ...cyd],
    [bob[0], ann[0], bob[1], ...cyd, ann[1]],
  ]) {
    let mended = false;
    const it = await lane(events, (batch) => (!mended && batch.includes(ann[0].payload) ? stumble : accepted(batch)));
    for (let turn = 0; turn < limits.shrinkAfter; turn += 1) await it.turn();
    const lost = of("ann", "lost");
    await it.keep([lost]);
    mended = true;
    await it.drain();
    const others = [...bob, ...cyd].map(({ payload }) => payload);
    const anns = [ann[0].payload, ann[1].payload, lost.payload];
    expect([it.took.toSorted(), it.took.slice(-3)]).toEqual([[...others, ...anns].toSorted(), anns]);
    // What came in behind them keeps its place.
    expect(it.outbox.events(tenant, dataset).filter(({ payload }) => payload === lost.payload)).toHaveLength(1);
  }
});

test("whoever stays behind is set aside once, and nobody between is passed over, when Meta goes away in the middle", async () => {
  const [poison, late] = [of("ann", "new"), of("ann", "won")];
  const [bob, cyd, dan] = [of("bob", "new"), of("cyd", "new"), of("dan", "new")];
  const expectations = [
    { events: [poison, bob, cyd, late, dan], bad: dan, fails: dan },
    { events: [poison, bob, cyd, dan, late], bad: cyd, fails: dan },
  ];
  for (const { events, bad, fails } of expectations) {
    let away = true;
    const it = await lane(events, (batch) => {
      if (batch.includes(poison.payload)) return stumble;
      if (away && batch.length === 1 && batch.includes(fails.payload)) return down;
      const refused = batch.includes(bad.payload);
      return refused ? { verdict: "refused", why: "refused_invalid", subcode: 2804016 } : accepted(batch);
    });
    for (let turn = 0; turn < limits.shrinkAfter; turn += 1) await it.turn();
    away = false;
    await liveOn(it, 30);
    const good = events.filter((event) => event !== poison && event !== bad).map(({ payload }) => payload);
    expect(it.took.filter((payload) => !payload.startsWith("new")).toSorted()).toEqual(good.toSorted());
    const reasons = [...it.outbox.dead(tenant, dataset).values()].map(({ reason }) => reason);
    expect(reasons.toSorted()).toEqual(["refused_again", "refused_invalid"]);
  }
});

test("a turn that ends with somebody in doubt, or with a fault, rests for as long as one of its answers asked for", async () => {
  const usage = { percent: 10, restMs: 19 * 60_000 };
  const refused: Verdict = { verdict: "refused", why: "refused_invalid", subcode: 2804016, usage };
  for (const meta of [(batch) => (batch.includes("e0") ? stumble : refused), () => ({ ...down, usage })] as Meta[]) {
    const it = await lane(names(2), meta);
    let due: Date | undefined;
    for (let turn = 0; turn < limits.shrinkAfter; turn += 1) {
      due = it.state()?.dueAt;
      await it.turn();
    }
    expect(Number(it.state()?.dueAt) - Number(due)).toBeGreaterThanOrEqual(usage.restMs);
  }
});

test("whatever Meta stumbles over, refuses or fails: each good event is taken exactly once, each lead's in order, the others are named", async () => {
  const event = fc.record({
    kind: fc.constantFrom("good", "good", "good", "good", "good", "poison", "refused"),
    lead: fc.constantFrom("ann", "bob", "cyd", "dan", "eve", "fay", "gus", "hal"),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: 1, maxLength: 60 }),
      fc.uniqueArray(fc.nat(80), { maxLength: 16 }),
      async (made, downAt) => {
        const payloads = made.map(
          ({ kind, lead }, n) => `{"event_name":"${kind} ${n}","user_data":{"em":["${lead}"]}}`,
        );
        const it = await lane(
          payloads.map((payload, n) => ({ name: `s${n}`, payload })),
          (batch) => {
            if (downAt.includes(it.sent.length)) return down;
            if (batch.some((one) => one.includes("poison"))) return stumble;
            const bad = batch.some((one) => one.includes("refused"));
            return bad ? { verdict: "refused", why: "refused_invalid", subcode: 2804016 } : accepted(batch);
          },
        );
        await liveOn(it, 200);
        const good = (of: string) => (one: string) => one.includes("good") && one.includes(`"${of}"`);
        for (const lead of ["ann", "bob", "cyd", "dan", "eve", "fay", "gus", "hal"])
          expect(it.took.filter(good(lead))).toEqual(payloads.filter(good(lead)));
        expect(it.took.filter((name) => name.startsWith("new"))).toHaveLength(200);
        const reasons = Map.groupBy(it.outbox.dead(tenant, dataset).values(), ({ reason }) => reason);
        const count = (kind: string): number => made.filter((one) => one.kind === kind).length;
        expect(reasons.get("refused_again")?.length ?? 0).toBe(count("poison"));
        expect(reasons.get("refused_invalid")?.length ?? 0).toBe(count("refused"));
      },
    ),
    { numRuns: 150 },
  );
});
