import { limits } from "./meta/limits.ts";
import type { Lease } from "./outbox.ts";
import type { Clock } from "./ports.ts";

/** What a request tells about Meta: it works, it fails, or neither (a limit, a token, a piece of a search). */
export type Sign = "works" | "fails" | "neither";

/**
 * Keep requests away from a Meta that fails most of them: one breaker for each dataset, and one for all. They live in this
 * process's memory: each process finds out by itself within seconds, and none waits for another's word.
 */
export interface Breakers {
  /** When to come back, if no request may leave now. Who may ask Meta says afterwards what came of it. */
  ask(lane: Lease): Date | undefined;
  heard(lane: Lease, sign: Sign): void;
  /** Meta takes nothing from any of us until then. */
  restAll(until: Date): void;
  /** Lanes that may be worked on at the same time: all, one that looks whether it is over, or none. */
  room(): number;
}

export function createBreakers(clock: Clock): Breakers {
  const all = createBreaker(limits.breakerOfAll, clock);
  /** A dataset has one from its first fault on, until a window has passed without another. */
  const each = new Map<string, Breaker>();
  let sweptAt = clock.now().getTime();
  return {
    ask(lane) {
      const own = each.get(keyOf(lane));
      const until = own?.until() ?? all.until();
      if (until) return until;
      own?.begin();
      all.begin();
      return undefined;
    },
    heard(lane, sign) {
      all.heard(sign);
      const key = keyOf(lane);
      if (sign === "fails" && !each.has(key)) each.set(key, createBreaker(limits.breaker, clock));
      each.get(key)?.heard(sign);
      const now = clock.now().getTime();
      if (now - sweptAt < limits.breaker.windowMs) return;
      sweptAt = now;
      for (const [name, breaker] of each) if (breaker.calm()) each.delete(name);
    },
    restAll: (until) => all.rest(until),
    room: () => all.room(),
  };
}

interface Breaker {
  until(): Date | undefined;
  begin(): void;
  heard(sign: Sign): void;
  rest(until: Date): void;
  room(): number;
  calm(): boolean;
}

/** Closed → resting → one trial → closed, or resting twice as long. Outcomes are counted in sixths of the window. */
function createBreaker(settings: typeof limits.breaker | typeof limits.breakerOfAll, clock: Clock): Breaker {
  const { windowMs, requests, share, longestRestMs } = settings;
  let slices: { from: number; works: number; fails: number }[] = [];
  let restingUntil: number | undefined;
  let restMs: number = settings.restMs;
  let trying = false;

  function rest(until: number): void {
    restingUntil = Math.max(restingUntil ?? 0, until);
    trying = false;
    slices = [];
  }
  function fail(now: number): void {
    rest(now + restMs);
    restMs = Math.min(2 * restMs, longestRestMs);
  }
  function count(sign: Exclude<Sign, "neither">, now: number): void {
    slices = slices.filter(({ from }) => from > now - windowMs);
    const last = slices.at(-1);
    const slice = last && now < last.from + windowMs / 6 ? last : { from: now, works: 0, fails: 0 };
    if (slice !== last) slices.push(slice);
    slice[sign] += 1;
    if (sign === "works") return;
    const fails = slices.reduce((sum, each) => sum + each.fails, 0);
    const made = slices.reduce((sum, each) => sum + each.works, fails);
    if (made >= requests && fails >= share * made) fail(now);
  }
  return {
    until() {
      const now = clock.now().getTime();
      if (restingUntil === undefined) return undefined;
      if (now < restingUntil) return new Date(restingUntil);
      return trying ? new Date(now + limits.trialMs) : undefined;
    },
    begin: () => {
      trying = restingUntil !== undefined;
    },
    heard(sign) {
      const now = clock.now().getTime();
      if (restingUntil === undefined) {
        if (sign !== "neither") count(sign, now);
      } else if (now >= restingUntil) {
        trying = false;
        if (sign === "fails") fail(now);
        if (sign === "works") [restingUntil, restMs] = [undefined, settings.restMs];
      } // what left before the rest and is answered during it changes nothing
    },
    rest: (until) => rest(until.getTime()),
    room() {
      if (restingUntil === undefined) return Number.POSITIVE_INFINITY;
      return clock.now().getTime() < restingUntil ? 0 : 1;
    },
    calm: () => restingUntil === undefined && slices.every(({ from }) => from <= clock.now().getTime() - windowMs),
  };
}

const keyOf = ({ tenantId, id }: Lease): string => `${tenantId} ${id}`;
