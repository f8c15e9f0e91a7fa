import type { Capabilities } from "../migrate.ts";
import { webRole, workerRole } from "../roles.ts";

/**
 * The ledger is keyed by record and place: two writers that do not know of each other collide on the next place. The log names
 * the ledger row that each event came from, so that the ledger needs no index on what was sent. Log and requests lie in
 * partitions by day where the engine has them; what was there before lies in the default partition and leaves it row by row.
 */
export const statements = (
  can: Pick<Capabilities, "storageOptions" | "rowSecurity" | "partitions">,
): readonly string[] => [
  // Forced row security hides rows from an owner that is no superuser: nothing would be copied.
  ...(can.rowSecurity ? ["lane", ...rebuilt].map((table) => `alter table ${table} no force row level security`) : []),
  "alter table record_stage drop constraint record_stage_pkey",
  "alter table outbox drop constraint outbox_pkey",
  "alter table dispatch drop constraint dispatch_pkey",
  "drop index dispatch_sent",
  ...rebuilt.map((table) => `alter table ${table} rename to ${table}_before`),

  `create table record_stage (
    entered_at timestamptz not null,
    read_at timestamptz not null,
    seq bigint,
    place int not null,
    mapping_version int not null,
    filled boolean not null,
    tenant_id text not null,
    connection_id text not null,
    record text not null,
    pipeline_id text not null,
    stage_id text not null,
    entry text not null,
    time_quality text not null,
    outcome text not null,
    dataset_id text,
    primary key (tenant_id, connection_id, record, place)
  )`,
  "create index record_stage_not_sent on record_stage (tenant_id, read_at) where outcome <> 'event'",
  // Rows lie in the order in which they were read: a few bytes for every megabyte find those of some days.
  ...(can.storageOptions ? ["create index record_stage_read on record_stage using brin (tenant_id, read_at)"] : []),
  `create table outbox (
    seq bigint not null,
    event_time timestamptz not null,
    created_at timestamptz not null,
    again_of bigint,
    place int not null,
    asides smallint not null default 0,
    tenant_id text not null,
    dataset_id text not null,
    connection_id text not null,
    record text not null,
    payload text not null,
    primary key (tenant_id, dataset_id, seq, created_at)
  )${can.partitions ? " partition by range (created_at)" : ""}`,
  `create table dispatch (
    id bigint not null,
    seq_from bigint not null,
    seq_to bigint not null,
    sent_at timestamptz not null,
    events int not null,
    took_ms int not null,
    status int,
    code int,
    subcode int,
    tenant_id text not null,
    dataset_id text not null,
    verdict text not null,
    why text,
    trace_id text,
    primary key (tenant_id, dataset_id, id, sent_at)
  )${can.partitions ? " partition by range (sent_at)" : ""}`,
  "create index dispatch_sent on dispatch (tenant_id, dataset_id, sent_at)",
  "create index dispatch_unanswered on dispatch (tenant_id, dataset_id, seq_to) where verdict = 'unknown'",
  // No clock, however wrong, finds no place for its rows.
  ...(can.partitions
    ? ["outbox", "dispatch"].map((table) => `create table ${table}_default partition of ${table} default`)
    : []),

  `insert into record_stage
     (tenant_id, connection_id, record, place, pipeline_id, stage_id, entry, entered_at, read_at, time_quality, filled,
      mapping_version, outcome, dataset_id, seq)
   select tenant_id, connection_id, object || ':' || record_id,
     row_number() over (
       partition by tenant_id, connection_id, object, record_id order by read_at, position, pipeline_id, stage_id, entry),
     pipeline_id, stage_id, entry, entered_at, read_at, time_quality, filled, mapping_version, outcome, dataset_id, seq
   from record_stage_before`,
  `insert into outbox
     (tenant_id, dataset_id, seq, event_time, created_at, payload, connection_id, record, place)
   select o.tenant_id, o.dataset_id, o.seq, o.event_time, o.created_at, o.payload,
     coalesce(s.connection_id, ''), coalesce(s.record, ''), coalesce(s.place, 0)
   from outbox_before o
   left join record_stage s on s.tenant_id = o.tenant_id and s.dataset_id = o.dataset_id and s.seq = o.seq`,
  `insert into dispatch
     (tenant_id, dataset_id, id, seq_from, seq_to, events, sent_at, took_ms, verdict, why, status, code, subcode, trace_id)
   select tenant_id, dataset_id, id, seq_from, seq_to, events, sent_at, took_ms, verdict, why, status, code, subcode, trace_id
   from dispatch_before`,

  "alter table lane add column unsure_since timestamptz",
  "alter table lane add column unsure_seq bigint",
  "alter table lane add column waiting_since timestamptz",
  "alter table lane add column kept_at timestamptz",
  `update lane set
     waiting_since = (select min(o.created_at) from outbox_before o
       where o.tenant_id = lane.tenant_id and o.dataset_id = lane.id and o.seq > lane.cursor_seq),
     kept_at = (select max(o.created_at) from outbox_before o
       where o.tenant_id = lane.tenant_id and o.dataset_id = lane.id)
   where kind = 'send'`,
  "alter table dead_event add column again_seq bigint",
  ...rebuilt.map((table) => `drop table ${table}_before`),
  ...(can.rowSecurity ? ["alter table lane force row level security", ...rebuilt.flatMap(secured)] : []),
];

const rebuilt = ["record_stage", "outbox", "dispatch"] as const;

/** As in 0003. Nobody has a right to a partition: every way to the rows leads through the table and its policies. */
function secured(table: string): readonly string[] {
  const own = "tenant_id = nullif(current_setting('app.tenant_id', true), '')";
  return [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `grant select, insert, update, delete on ${table} to ${workerRole}`,
    `create policy worker_every on ${table} to ${workerRole} using (true) with check (true)`,
    `grant select on ${table} to ${webRole}`,
    `create policy web_own on ${table} to ${webRole} using (${own}) with check (${own})`,
  ];
}
