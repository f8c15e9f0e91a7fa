/**
 * Faults of the product that the simulation has found and that are not mended yet. They are counted, not forgiven: a test
 * holds that each still shows, so that whoever mends one takes its line out of here.
 */
export const knownFaults = {
  person_not_asked:
    "core/decide.ts worthLookingUp() judges each observation of a page by what was known before the page: of two entries " +
    "into a filled stage that sends every entry, the second is not looked up and ends as lead_not_found",
  innocent_blamed:
    "core/deliver.ts giveBack() blames the first event when Meta recovers between its last try and the probe behind it",
  pause_not_seen:
    "Outbox.read() gives a paused lane's events to a turn that was claimed before the pause, so it sends to its end",
  unripe_probe: "core/deliver.ts giveBack() probes the second event without asking whether it is early or expired",
} as const;
export type KnownFault = keyof typeof knownFaults;
