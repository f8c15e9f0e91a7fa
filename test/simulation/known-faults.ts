/**
 * Faults of the product that the simulation has found and that are not mended yet. They are counted, not forgiven: a test
 * holds that each still shows, so that whoever mends one takes its line out of here.
 */
export const knownFaults = {
  pause_not_seen:
    "core/deliver.ts sees a pause when it reads the next page: a turn that is halving a batch goes on to the end of it",
  probe:
    "core/deliver.ts giveBack() after 12 failures: the first may be innocent, when Meta recovers between two requests; and two " +
    "such events side by side hold up the lane until they expire",
} as const;
export type KnownFault = keyof typeof knownFaults;
