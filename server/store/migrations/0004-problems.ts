import { webRole, workerRole } from "../roles.ts";

/** Problems, the mails about them, what people did, and what comparing with the CRM found. */
export const statements: readonly string[] = [
  "alter table tenant add column alert_to text[] not null default '{}'",
  "alter table lane drop constraint lane_kind_check",
  "alter table lane add constraint lane_kind_check check (kind in ('read', 'send', 'upkeep'))",
  "create index lane_troubled on lane (tenant_id) where why is not null",
  `create table problem (
    affected bigint not null,
    opened_at timestamptz not null,
    seen_at timestamptz not null,
    closed_at timestamptz,
    deadline_at timestamptz,
    tenant_id text not null references tenant (id),
    id text not null,
    cause text not null,
    code text not null,
    about text,
    details jsonb not null,
    primary key (tenant_id, id)
  )`,
  "create unique index problem_open on problem (tenant_id, cause) where closed_at is null",
  "create index problem_time on problem (tenant_id, opened_at)",
  `create table mail (
    created_at timestamptz not null,
    due_at timestamptz,
    sent_at timestamptz,
    attempts int not null default 0,
    tenant_id text not null references tenant (id),
    id text not null,
    problem_id text not null,
    occasion text not null,
    recipient text not null,
    subject text not null,
    body text not null,
    why text,
    primary key (tenant_id, id),
    unique (tenant_id, problem_id, occasion, recipient),
    foreign key (tenant_id, problem_id) references problem (tenant_id, id)
  )`,
  "create index mail_due on mail (due_at) where due_at is not null",
  `create table audit (
    at timestamptz not null,
    tenant_id text not null references tenant (id),
    id text not null,
    who text not null,
    what text not null,
    about jsonb not null,
    primary key (tenant_id, id)
  )`,
  "create index audit_time on audit (tenant_id, at)",
  `create table reconciliation (
    seen bigint not null,
    missed bigint not null,
    accepted bigint not null,
    waiting bigint not null,
    refused bigint not null,
    checked_at timestamptz not null,
    missed_at timestamptz,
    day date not null,
    tenant_id text not null,
    connection_id text not null,
    not_sent jsonb not null,
    primary key (tenant_id, connection_id, day),
    foreign key (tenant_id, connection_id) references connection (tenant_id, id)
  )`,
  "create index reconciliation_missed on reconciliation (missed_at) where missed_at is not null",
];

/** What the web role may do with these; as in 0003. */
const web = {
  problem: "select, update (details)",
  mail: "select",
  audit: "select, insert",
  reconciliation: "select",
} as const;

export const security: readonly string[] = [
  `grant select (alert_to), update (alert_to) on tenant to ${webRole}`,
  ...Object.entries(web).flatMap(([table, rights]) => {
    const own = "tenant_id = nullif(current_setting('app.tenant_id', true), '')";
    return [
      `alter table ${table} enable row level security`,
      `alter table ${table} force row level security`,
      `grant select, insert, update, delete on ${table} to ${workerRole}`,
      `create policy worker_every on ${table} to ${workerRole} using (true) with check (true)`,
      `grant ${rights} on ${table} to ${webRole}`,
      `create policy web_own on ${table} to ${webRole} using (${own}) with check (${own})`,
    ];
  }),
];
