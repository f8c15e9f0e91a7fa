import { webRole, workerRole } from "../roles.ts";

/** Long work that somebody watches: it survives a reload of the page and a restart of the server. */
export const statements: readonly string[] = [
  `create table task (
    started_at timestamptz not null,
    moved_at timestamptz not null,
    ended_at timestamptz,
    due_at timestamptz,
    done bigint not null,
    total bigint,
    tenant_id text not null references tenant (id),
    id text not null,
    kind text not null check (kind in ('baseline', 'backfill', 'redrive', 'erase_person', 'erase_workspace')),
    about text not null,
    state text not null check (state in ('running', 'done', 'stopped', 'failed')),
    who text,
    why text,
    result jsonb not null,
    cursor jsonb not null,
    primary key (tenant_id, id)
  )`,
  "create unique index task_running on task (tenant_id, about) where state = 'running'",
  "create index task_ended on task (tenant_id, ended_at)",
  "create index task_due on task (due_at) where due_at is not null",
];

export const security: readonly string[] = [
  "alter table task enable row level security",
  "alter table task force row level security",
  `grant select, insert, update, delete on task to ${workerRole}`,
  `create policy worker_every on task to ${workerRole} using (true) with check (true)`,
  `grant select, insert, update (state, ended_at, due_at) on task to ${webRole}`,
  `create policy web_own on task to ${webRole}
    using (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
    with check (tenant_id = nullif(current_setting('app.tenant_id', true), ''))`,
];
