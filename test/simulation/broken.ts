/** The promises that every history is judged by. */
export const invariants = {
  I1: "no loss: every stage entry of the CRM ends as an event or with its true reason, every event accepted or given up with cause",
  I2: "stable identity: an event keeps its id and content, no two share an id, and no two entries of a record a place",
  I3: "bounded duplicates: nothing is sent again without a lost answer, a crash, a lost lease or an operator's word",
  I4: "isolation: an event only ever reaches its own dataset, with its own access",
  I6: "safe cursors: none passes what is not settled, and only the lease's holder writes",
  I8: "stop is stop: what is paused is not worked on",
  I9: "validity: whatever reaches Meta is well-formed, younger than 7 days and not of the future",
  I10: "conservation: what came in is what waits plus what is settled, and every count says so",
  I12: "liveness: once the faults are over, everything is settled in time",
  order: "a lead's events reach Meta in their order",
  pace: "whoever asks us to come back later is not asked before",
} as const;
export type Invariant = keyof typeof invariants;

export interface Broken {
  readonly invariant: Invariant;
  readonly what: string;
}
