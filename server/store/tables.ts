import type { ColumnType, Generated } from "kysely";

/** The tables as the migrations make them; a test holds this page and the database together. */
export interface Tables {
  tenant: TenantTable;
  dataset: DatasetTable;
  connection: ConnectionTable;
  secret: SecretTable;
  stage_mapping: StageMappingTable;
  lane: LaneTable;
  ring: RingTable;
  inbox: InboxTable;
  checkpoint: CheckpointTable;
  record_stage: RecordStageTable;
  outbox: OutboxTable;
  dispatch: DispatchTable;
  dead_event: DeadEventTable;
  tally: TallyTable;
}

/** Read as what JSON.parse gives, written as JSON text. */
type Json = ColumnType<unknown, string, string>;

export interface TenantTable {
  id: string;
  name: string;
  event_key: string;
  default_country: string | null;
  allowed_keys: string[];
  created_at: Date;
}
export interface DatasetTable {
  tenant_id: string;
  id: string;
  meta_id: string;
  name: string;
  created_at: Date;
}
export interface ConnectionTable {
  tenant_id: string;
  id: string;
  connector: string;
  account_id: string;
  name: string;
  config: Json;
  dataset_id: string | null;
  send_from: Date | null;
  created_at: Date;
}
/** `owner_id`: the connection or the dataset that the secret opens. */
interface SecretTable {
  tenant_id: string;
  owner_id: string;
  kind: string;
  generation: number;
  key_id: string;
  ciphertext: Buffer;
  updated_at: Date;
  lease_until: Date | null;
}
export interface StageMappingTable {
  tenant_id: string;
  connection_id: string;
  version: number;
  body: Json;
  saved_at: Date;
  saved_by: string;
}
/**
 * `read`: next_seq counts rings and pushed observations, cursor_seq what was answered. `send`: next_seq counts events,
 * cursor_seq what was accepted or given up. Due when due_at has come; null: nothing to do, or paused.
 */
interface LaneTable {
  tenant_id: string;
  kind: "read" | "send";
  id: string;
  next_seq: Generated<number>;
  cursor_seq: Generated<number>;
  dispatches: Generated<number>;
  due_at: Date | null;
  lease_until: Date | null;
  lease_token: Generated<number>;
  /** When something last came through: a change was kept, an event accepted. */
  moved_at: Date | null;
  attempts: Generated<number>;
  paused_reason: string | null;
  /** What it waits for, in the catalogue's words. */
  why: string | null;
}
/** Empty object and record id: the whole account. */
interface RingTable {
  tenant_id: string;
  connection_id: string;
  object: string;
  record_id: string;
  seq: number;
}
/** `body` is cleared once read; the rest stays to answer what became of the observation. */
interface InboxTable {
  tenant_id: string;
  connection_id: string;
  id: string;
  seq: number;
  object: string;
  record_id: string;
  pipeline_id: string;
  stage_id: string;
  entry: string;
  received_at: Date;
  body: string | null;
}
interface CheckpointTable {
  tenant_id: string;
  connection_id: string;
  body: string;
  updated_at: Date;
}
/** The ledger and what was decided: `outcome` is `event` (then dataset_id and seq name it) or the reason why there is none. */
interface RecordStageTable {
  tenant_id: string;
  connection_id: string;
  object: string;
  record_id: string;
  pipeline_id: string;
  stage_id: string;
  entry: string;
  entered_at: Date;
  read_at: Date;
  /** Place among what was kept together: orders entries of the same instant. */
  position: number;
  mapping_version: number;
  filled: boolean;
  time_quality: "exact" | "day" | "modified" | "observed";
  outcome: string;
  dataset_id: string | null;
  seq: number | null;
}
/** Its change is the record_stage row of the same tenant, dataset and seq, whose read_at is this created_at. */
interface OutboxTable {
  tenant_id: string;
  dataset_id: string;
  seq: number;
  event_time: Date;
  created_at: Date;
  payload: string;
}
interface DispatchTable {
  tenant_id: string;
  dataset_id: string;
  id: number;
  seq_from: number;
  seq_to: number;
  events: number;
  took_ms: number;
  sent_at: Date;
  verdict: "accepted" | "retry" | "refused" | "unknown" | "blocked";
  why: string | null;
  status: number | null;
  code: number | null;
  subcode: number | null;
  trace_id: string | null;
}
interface DeadEventTable {
  tenant_id: string;
  dataset_id: string;
  seq: number;
  at: Date;
  reason: string;
  code: number | null;
  subcode: number | null;
  words: string | null;
  trace_id: string | null;
}
/** `day`: of UTC. `outcome`: `event`, a reason for not sending, or `dropped:<key>:<why>`. */
interface TallyTable {
  tenant_id: string;
  connection_id: string;
  day: string;
  outcome: string;
  n: number;
}
