import type { Breakers } from "../../../core/breaker.ts";
import type { Verdict } from "../../../core/meta/verdict.ts";
import type { Outbox, Release } from "../../../core/outbox.ts";
import type { Bug } from "../bug.ts";
import { flappingMeta, longOutage } from "../scenarios.ts";

const breakers = (name: string, wrap: (breakers: Breakers) => Partial<Breakers>): Bug => ({
  name,
  plant: () => ({ breakers: (inner) => ({ ...inner, ...wrap(inner) }) }),
});
const releases = (name: string, change: (next: Release, now: Date) => Release): Bug => ({
  name,
  plant: () => ({
    outbox: (inner): Outbox => ({
      ...inner,
      release: (lease, next, now) => inner.release(lease, change(next, now), now),
    }),
  }),
});
const verdicts = (name: string, change: (verdict: Verdict) => Verdict): Bug => ({
  name,
  plant: () => ({ send: (send) => async (to, events) => change(await send(to, events)) }),
});
/** So many that the breaker of all opens. */
const manyDatasets = (seed: number) => longOutage(seed, { hours: 4, how: "down", datasets: 160, eventsEach: 2 });
const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

/** Bugs of stopping and of going slowly: pauses, limits, breakers, housekeeping. */
export const pacingBugs: readonly Bug[] = [
  {
    ...breakers("the breaker of all never closes once it has opened", (inner) => {
      let opened = false;
      return {
        room() {
          opened ||= inner.room() === 0;
          return opened ? 0 : inner.room();
        },
      };
    }),
    plan: manyDatasets,
  },
  {
    ...breakers("a dataset's breaker never closes once it has opened", (inner) => {
      const opened = new Map<string, Date>();
      return {
        ask(lane) {
          const until = inner.ask(lane) ?? opened.get(lane.id);
          if (until) opened.set(lane.id, later(until, 86_400_000));
          return until;
        },
      };
    }),
    plan: flappingMeta,
  },
  breakers("a breaker does not hear what came of its trial", () => ({ heard: () => {} })),
  {
    name: "a breaker swallows the answer of its trial",
    plant: () => ({
      send: (send) => async (to, events) => {
        const verdict = await send(to, events);
        return verdict.verdict === "retry" && verdict.code === 4 ? { verdict: "accepted", received: 0 } : verdict;
      },
    }),
  },
  {
    name: "a pause is seen when the next page is read",
    plant: () => ({
      outbox: (inner) => ({
        ...inner,
        advance: async (...asked) => {
          await inner.advance(...asked);
          return { paused: false };
        },
      }),
    }),
  },
  {
    name: "a pause is seen when the next turn begins",
    plant: () => ({
      outbox: (inner, store) => ({
        ...inner,
        async read(lease, limit) {
          const lane = store.lane(lease.tenantId, "send", lease.id);
          const { paused } = lane ?? {};
          if (lane) lane.paused = undefined;
          const page = await inner.read(lease, limit);
          if (lane) lane.paused = paused;
          return page;
        },
      }),
    }),
  },
  releases("a rest that Meta asks for lasts for ever", (next, now) =>
    next.why === "meta_usage" ? { ...next, dueAt: later(now, 365 * 86_400_000) } : next,
  ),
  releases("a lane that has nothing to do is never due again", ({ dueAt: _, ...next }) => next),
  verdicts("how much of Meta's limits is used is not looked at", ({ usage: _, ...verdict }) => verdict as Verdict),
  verdicts("when to come back is not looked at", (verdict) => {
    if (verdict.verdict !== "retry") return verdict;
    const { at: _, ...rest } = verdict;
    return rest;
  }),
];
