import type { Lease } from "../../core/outbox.ts";
import type { Actor } from "./yield-point.ts";

/** One piece of work on one lane, as the witness knows it. */
export interface Turn {
  readonly actor: Actor;
  readonly lease: Lease;
  /** True time at which the claim took effect. */
  readonly startedAt: number;
  /** True time at which it was at the store last. */
  lookedAt: number;
  /** Something befell it that excuses sending again: a failure was thrown at it. */
  excused: boolean;
  /** It came to its end and gave the lane back. */
  ended: boolean;
  /** Ids of the events in its latest request, and when that left. */
  asked: { readonly ids: readonly string[]; readonly at: number };
}

/** What was in force from when on. */
export interface Chronicle<Value> {
  set(at: number, value: Value): void;
  now(): Value;
  /** Everything that was in force at some moment of this span. */
  during(from: number, to: number): readonly Value[];
}

export function createChronicle<Value>(first: Value): Chronicle<Value> {
  const pages = [{ from: Number.NEGATIVE_INFINITY, value: first }];
  let current = first;
  return {
    now: () => current,
    set(at, value) {
      current = value;
      pages.push({ from: at, value });
    },
    during: (from, to) =>
      pages.filter((page, n) => page.from <= to && (pages[n + 1]?.from ?? to + 1) > from).map(({ value }) => value),
  };
}
