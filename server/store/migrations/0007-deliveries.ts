import { webRole, workerRole } from "../roles.ts";

/** Lists of deliveries that members name and keep, and Meta's words about a request that settled nothing. */
export const statements: readonly string[] = [
  "alter table dispatch add column words text",
  `create table saved_view (
    created_at timestamptz not null,
    tenant_id text not null references tenant (id),
    id text not null,
    name text not null,
    filter jsonb not null,
    created_by text not null,
    primary key (tenant_id, id),
    unique (tenant_id, name)
  )`,
];

const own = "tenant_id = nullif(current_setting('app.tenant_id', true), '')";

export const security: readonly string[] = [
  "alter table saved_view enable row level security",
  "alter table saved_view force row level security",
  `grant select, insert, update, delete on saved_view to ${workerRole}`,
  `create policy worker_every on saved_view to ${workerRole} using (true) with check (true)`,
  `grant select, insert, delete on saved_view to ${webRole}`,
  `create policy web_own on saved_view to ${webRole} using (${own}) with check (${own})`,
];
