import type { Moment, Org } from "./org/org.ts";
import type { SettingsFile } from "./settings.ts";
import { wholeSecond } from "./times.ts";

/** One running org: its records, how it is set up, and what time it is there. */
export interface Instance {
  readonly org: Org;
  readonly settings: SettingsFile;
  /** Seed of the people who come to this org. */
  readonly people: string;
  /** Milliseconds. */
  now(): number;
}

/**
 * The moment of a change that is made now. `at` back-dates what the record says of itself (as the right to set audit fields
 * does); SystemModstamp cannot be back-dated.
 */
export function momentNow(instance: Instance, at?: string | number | Date): Moment {
  const now = instance.now();
  const said = at === undefined ? now : new Date(at).getTime();
  if (!Number.isFinite(said)) throw new Error(`"at" is no time: ${String(at)}`);
  const delay = instance.settings.now.delayCommitMs;
  return { at: wholeSecond(said), stamp: wholeSecond(now), visibleAt: delay > 0 ? now + delay : 0 };
}

/** A moment of the past that everybody has seen. */
export const momentAt = (time: number): Moment => ({ at: wholeSecond(time), stamp: wholeSecond(time), visibleAt: 0 });
