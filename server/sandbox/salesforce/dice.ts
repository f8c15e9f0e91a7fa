import { createHash } from "node:crypto";

/** A number in [0, 1); the same seed always gives the same row of them. */
export type Dice = () => number;

/** Mulberry32. */
export function diceOf(seed: string): Dice {
  let state = createHash("sha256").update(seed).digest().readUInt32BE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const pick = <Item>(dice: Dice, items: readonly Item[]): Item | undefined =>
  items[Math.floor(dice() * items.length)];
