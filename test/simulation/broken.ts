/** The promises that every history is judged by. */
export const invariants = {
  I1: "no loss: every stage entry of the CRM ends as an event or with its true reason, every event accepted or given up with cause",
  I2: "stable identity: an event keeps its id and content, and no two share an id",
  I3: "bounded duplicates: nothing is sent again without a lost answer, a crash or a lost lease",
  I4: "isolation: an event only ever reaches its own dataset, with its own access",
  I6: "safe cursors: none passes what is not settled, and only the lease's holder writes",
  I8: "stop is stop: what is paused is not worked on",
  I9: "validity: whatever reaches Meta is well-formed, younger than 7 days and not of the future",
  I10: "conservation: what came in is what waits plus what is settled",
  I12: "liveness: once the faults are over, everything is settled in time",
  order: "a lead's events reach Meta in their order",
} as const;
export type Invariant = keyof typeof invariants;

export interface Broken {
  readonly invariant: Invariant;
  readonly what: string;
}
