import type { Json } from "./json-column.ts";

/**
 * Long work. `about`: the connection that is read, the problem whose events are sent again, the receipt of an erasure.
 * `stood_ms`: for how long it has stood still before it went on; `due_at`: when the next slice is to be done, where slices are done by themselves; `why`: a code of the catalogue, for which it
 * waits or has failed; `result`: counts by name; `cursor`: where it goes on.
 */
export interface TaskTable {
  tenant_id: string;
  id: string;
  kind: "baseline" | "backfill" | "redrive" | "erase_person" | "erase_workspace";
  about: string;
  state: "running" | "done" | "stopped" | "failed";
  done: number;
  total: number | null;
  started_at: Date;
  moved_at: Date;
  ended_at: Date | null;
  due_at: Date | null;
  stood_ms: number;
  who: string | null;
  why: string | null;
  result: Json;
  cursor: Json;
}
