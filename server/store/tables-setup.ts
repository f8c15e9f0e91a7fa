/** What cannot be seen elsewhere of setting an account up. `mark`: the step; `who`: the member. */
export interface SetupMarkTable {
  tenant_id: string;
  connection_id: string;
  mark: string;
  how: "done" | "skipped";
  who: string;
  at: Date;
}
