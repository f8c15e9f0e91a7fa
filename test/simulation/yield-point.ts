import { Failure } from "../../core/errors.ts";
import { type Dice, diceOf } from "./chance.ts";
import type { FaultKind, Faults } from "./faults.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** A process: what it remembers is gone when it dies, since nothing that it waits for ever comes. */
export interface Actor {
  readonly name: string;
  readonly alive: boolean;
  die(): void;
}

export interface Journey {
  /** Milliseconds there and back, least and most. */
  readonly ms: readonly [number, number];
  /** What may befall it; asked in this order, one at most strikes. */
  readonly befall?: (strikes: (kind: FaultKind) => boolean, dice: Dice) => Mishap | undefined;
}
export interface Mishap {
  /** Thrown at the caller: instead of the effect, or (`unseen`) although it took place. */
  readonly failure?: Failure;
  readonly unseen?: boolean;
  readonly slowerMs?: number;
}

/** Everything that a worker awaits goes through here: it may be late, fail, or be the last thing that the worker did. */
export type YieldPoint = <T>(actor: Actor, place: string, journey: Journey, effect: () => Promise<T>) => Promise<T>;

export function createYieldPoint(seed: number, time: VirtualTime, faults: Faults): YieldPoint {
  const visits = new Map<string, number>();
  return (actor, where, { ms: [least, most], befall }, effect) =>
    new Promise((resolve, reject) => {
      const visit = (visits.get(where) ?? 0) + 1;
      visits.set(where, visit);
      const place = `${where}#${visit}`;
      const dice = diceOf(seed, place);
      if (faults.strikes("crash_before", place)) return actor.die();
      const mishap = befall?.((kind) => faults.strikes(kind, place), dice);
      const stalledMs = faults.strikes("stall", place) ? dice.between(20_000, 150_000) : 0;
      const back = (settle: () => void): void => {
        if (faults.strikes("crash_after", place)) actor.die();
        const ms = dice.between(least, most) + stalledMs;
        time.after(ms, `${place} back`, () => {
          if (actor.alive) settle();
        });
      };
      time.after(dice.between(least, most) + (mishap?.slowerMs ?? 0), place, () => {
        const { failure, unseen } = mishap ?? {};
        if (failure && !unseen) return back(() => reject(failure));
        effect().then(
          (value) => back(() => (failure ? reject(failure) : resolve(value))),
          (error: unknown) => back(() => reject(error)),
        );
      });
    });
}

/** The journey to the database. */
export const toStore: Journey = {
  ms: [0, 12],
  befall: (strikes) => {
    if (strikes("store_down")) return { failure: new Failure("store_unavailable") };
    return strikes("store_unclear") ? { failure: new Failure("store_unavailable"), unseen: true } : undefined;
  },
};
