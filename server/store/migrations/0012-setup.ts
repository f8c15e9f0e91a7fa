import { webRole, workerRole } from "../roles.ts";

/** What cannot be seen in the workspace itself: that somebody tried a step of setting an account up, left it out, or did it at Meta. */
export const statements: readonly string[] = [
  `create table setup_mark (
    at timestamptz not null,
    tenant_id text not null,
    connection_id text not null,
    mark text not null,
    how text not null check (how in ('done', 'skipped')),
    who text not null,
    primary key (tenant_id, connection_id, mark),
    foreign key (tenant_id, connection_id) references connection (tenant_id, id)
  )`,
];

const own = "tenant_id = nullif(current_setting('app.tenant_id', true), '')";

export const security: readonly string[] = [
  "alter table setup_mark enable row level security",
  "alter table setup_mark force row level security",
  `grant select, insert, update, delete on setup_mark to ${workerRole}, ${webRole}`,
  `create policy worker_every on setup_mark to ${workerRole} using (true) with check (true)`,
  `create policy web_own on setup_mark to ${webRole} using (${own}) with check (${own})`,
];
