import type { Generated } from "kysely";
import type { Json } from "./json-column.ts";
import type {
  AuthorizationRequestTable,
  ClaimedAccountTable,
  ErasedTable,
  IngestKeyTable,
  InstallTable,
  InvitationTable,
  MemberTable,
  PersonTable,
  ReceiptTable,
  SavedViewTable,
  SessionTable,
} from "./tables-people.ts";
import type { AuditTable, MailTable, ProblemTable, ReconciliationTable } from "./tables-problems.ts";
import type { SetupMarkTable } from "./tables-setup.ts";
import type { TaskTable } from "./tables-tasks.ts";

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
  problem: ProblemTable;
  mail: MailTable;
  audit: AuditTable;
  reconciliation: ReconciliationTable;
  task: TaskTable;
  person: PersonTable;
  session: SessionTable;
  authorization_request: AuthorizationRequestTable;
  install: InstallTable;
  claimed_account: ClaimedAccountTable;
  receipt: ReceiptTable;
  member: MemberTable;
  invitation: InvitationTable;
  ingest_key: IngestKeyTable;
  erased: ErasedTable;
  setup_mark: SetupMarkTable;
  saved_view: SavedViewTable;
}

export interface TenantTable {
  id: string;
  name: string;
  event_key: string;
  default_country: string | null;
  allowed_keys: string[];
  created_at: Date;
  alert_to: Generated<string[]>;
  settings_version: Generated<number>;
  /** When the workspace and all that is in it is erased; null: it stays. */
  ends_at: Generated<Date | null>;
}
export interface DatasetTable {
  tenant_id: string;
  id: string;
  meta_id: string;
  name: string;
  created_at: Date;
  via: Generated<"pasted" | "login">;
  business_id: Generated<string | null>;
  access_ends_at: Generated<Date | null>;
  connected_by: Generated<string | null>;
  disconnected_at: Generated<Date | null>;
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
  /** As granted, not as asked for. */
  scopes: Generated<string[]>;
  /** A test account of the vendor. */
  sandbox: Generated<boolean>;
  connected_by: Generated<string | null>;
  disconnected_at: Generated<Date | null>;
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
  kind: "read" | "send" | "upkeep";
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
  /** Events up to unsure_seq were in a request that nobody answered, the first time at unsure_since. */
  unsure_since: Generated<Date | null>;
  unsure_seq: Generated<number | null>;
  /** No event that still waits came into the log before this; null: none waits. */
  waiting_since: Generated<Date | null>;
  /** When the newest event came into the log. */
  kept_at: Generated<Date | null>;
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
/**
 * The ledger and what was decided: `outcome` is `event` (then dataset_id and seq say where its event is now) or the reason why
 * there is none. `record`: `deal:9911`; `place`: the number of the entry in its record.
 */
interface RecordStageTable {
  tenant_id: string;
  connection_id: string;
  record: string;
  place: number;
  pipeline_id: string;
  stage_id: string;
  entry: string;
  entered_at: Date;
  /** When it was decided, and at the last time where that was done more than once; with its event sent again, when that was asked for. */
  read_at: Date;
  mapping_version: number;
  filled: boolean;
  time_quality: "exact" | "day" | "modified" | "observed";
  outcome: string;
  dataset_id: string | null;
  seq: number | null;
}
/**
 * The event of the ledger's row (connection_id, record, place), in partitions by day of created_at, which never falls along a
 * lane. again_of: the number that the event had before it was set aside or given another try.
 */
interface OutboxTable {
  tenant_id: string;
  dataset_id: string;
  seq: number;
  event_time: Date;
  created_at: Date;
  connection_id: string;
  record: string;
  place: number;
  asides: Generated<number>;
  again_of: Generated<number | null>;
  payload: string;
}
/** In partitions by day of sent_at. `words`: Meta's own, where the request was neither accepted nor refused; they may echo input. */
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
  words: Generated<string | null>;
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
  /** The number under which it was given another try. */
  again_seq: Generated<number | null>;
}
/** `day`: of UTC. `outcome`: `event`, a reason for not sending, or `dropped:<key>:<why>`. */
interface TallyTable {
  tenant_id: string;
  connection_id: string;
  day: string;
  outcome: string;
  n: number;
}
