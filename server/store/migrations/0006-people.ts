import { webRole, workerRole } from "../roles.ts";

/**
 * People and how they come in: who they are at the CRM that vouches for them, what they may do in which workspace, their
 * sessions; which account belongs to which workspace; installs under way. What has to be found before anybody's workspace is
 * known lies in small global tables that the web role cannot see.
 */
export const statements: readonly string[] = [
  `create table person (
    created_at timestamptz not null,
    seen_at timestamptz not null,
    id text primary key,
    issuer text not null,
    subject text not null,
    name text,
    mail text,
    unique (issuer, subject)
  )`,
  `create table session (
    created_at timestamptz not null,
    seen_at timestamptz not null,
    ends_at timestamptz not null,
    token_hash text primary key,
    person_id text not null references person (id),
    tenant_id text
  )`,
  "create index session_person on session (person_id)",
  "create index session_end on session (ends_at)",
  `create table authorization_request (
    created_at timestamptz not null,
    state_hash text primary key,
    browser_hash text not null,
    provider text not null,
    purpose text not null check (purpose in ('install', 'sign_in', 'meta')),
    tenant_id text,
    person_id text,
    key_id text not null,
    ciphertext bytea not null
  )`,
  "create index authorization_request_time on authorization_request (created_at)",
  `create table install (
    created_at timestamptz not null,
    id text primary key,
    browser_hash text not null,
    provider text not null,
    account_id text not null,
    person_id text not null references person (id),
    tenant_id text,
    asked boolean not null,
    about jsonb not null,
    key_id text not null,
    ciphertext bytea not null
  )`,
  "create index install_time on install (created_at)",
  `create table claimed_account (
    claimed_at timestamptz not null,
    provider text not null,
    account_id text not null,
    tenant_id text not null references tenant (id),
    owner_id text not null,
    primary key (provider, account_id)
  )`,
  "create index claimed_account_tenant on claimed_account (tenant_id)",
  `create table receipt (
    at timestamptz not null,
    id text primary key,
    what text not null,
    about jsonb not null
  )`,
  `create table member (
    joined_at timestamptz not null,
    tenant_id text not null references tenant (id),
    person_id text not null references person (id),
    role text not null check (role in ('owner', 'admin', 'viewer')),
    primary key (tenant_id, person_id)
  )`,
  "create index member_person on member (person_id)",
  `create table invitation (
    created_at timestamptz not null,
    ends_at timestamptz not null,
    accepted_at timestamptz,
    tenant_id text not null references tenant (id),
    id text not null,
    mail text not null,
    role text not null check (role in ('owner', 'admin', 'viewer')),
    token_hash text not null,
    invited_by text not null,
    primary key (tenant_id, id)
  )`,
  "create index invitation_token on invitation (token_hash)",
  `create table ingest_key (
    created_at timestamptz not null,
    used_at timestamptz,
    ends_at timestamptz,
    tenant_id text not null,
    connection_id text not null,
    id text not null,
    name text not null,
    key_hash text not null,
    created_by text not null,
    primary key (tenant_id, connection_id, id),
    foreign key (tenant_id, connection_id) references connection (tenant_id, id)
  )`,
  `create table erased (
    at timestamptz not null,
    tenant_id text not null references tenant (id),
    connection_id text not null,
    record_hash text not null,
    primary key (tenant_id, connection_id, record_hash)
  )`,
  // What an account granted, who connected it, and whether it is a vendor's test account.
  "alter table connection add column scopes text[] not null default '{}'",
  "alter table connection add column sandbox boolean not null default false",
  "alter table connection add column connected_by text",
  "alter table connection add column disconnected_at timestamptz",
  // How a dataset is reached (pasted, or through a login that was granted), and until when.
  "alter table dataset add column via text not null default 'pasted' check (via in ('pasted', 'login'))",
  "alter table dataset add column business_id text",
  "alter table dataset add column access_ends_at timestamptz",
  "alter table dataset add column connected_by text",
  "alter table dataset add column disconnected_at timestamptz",
  "alter table tenant add column ends_at timestamptz",
  // The audit log ends with its workspace, and not before: nobody who works here may delete from it.
  "alter table audit drop constraint audit_tenant_id_fkey",
  "alter table audit add constraint audit_tenant_id_fkey foreign key (tenant_id) references tenant (id) on delete cascade",
  // Those that are there already keep their accounts.
  `insert into claimed_account (claimed_at, provider, account_id, tenant_id, owner_id)
    select created_at, connector, account_id, tenant_id, id from connection where connector <> 'http'
    on conflict do nothing`,
];

/** What the web role may do with the tables of tenants; the global ones are not for it. */
const web = {
  member: "select, insert, update, delete",
  invitation: "select, insert, update, delete",
  ingest_key: "select, insert, update, delete",
  erased: "select",
} as const;
const global = ["person", "session", "authorization_request", "install", "claimed_account", "receipt"] as const;

export const security: readonly string[] = [
  `grant select (ends_at) on tenant to ${webRole}`,
  // Append-only: its owner alone drops what is too old, and forced row security counts for the owner too.
  `revoke update, delete on audit from ${workerRole}`,
  "create policy keeper_old on audit to current_user using (true) with check (false)",
  ...global.flatMap((table) => [...forWorkers(table)]),
  ...Object.entries(web).flatMap(([table, rights]) => {
    const own = "tenant_id = nullif(current_setting('app.tenant_id', true), '')";
    return [
      ...forWorkers(table),
      `grant ${rights} on ${table} to ${webRole}`,
      `create policy web_own on ${table} to ${webRole} using (${own}) with check (${own})`,
    ];
  }),
];

function forWorkers(table: string): readonly string[] {
  return [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `grant select, insert, update, delete on ${table} to ${workerRole}`,
    `create policy worker_every on ${table} to ${workerRole} using (true) with check (true)`,
  ];
}
