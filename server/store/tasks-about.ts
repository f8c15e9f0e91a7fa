import { type Kysely, sql } from "kysely";
import type { TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";
import type { Task } from "./tasks.ts";

/** What a task is done for, as it stands now. */
export interface AboutTask {
  /** Of the connection, or of the problem's dataset. */
  readonly name?: string;
  readonly connector?: string;
  /** Of the problem. */
  readonly code?: string;
  /** What reading the connection waits for. */
  readonly why?: string;
  /** What it stands still for, until somebody acts. */
  readonly paused?: string;
}

/** By what the tasks are about; what is no longer there is missing. */
export async function aboutTasks(
  db: Kysely<Tables>,
  tenantId: TenantId,
  tasks: readonly Task[],
): Promise<ReadonlyMap<string, AboutTask>> {
  if (tasks.length === 0) return new Map();
  const ids = tasks.map(({ about }) => about);
  const { rows } = await sql<{ id: string } & { readonly [Key in keyof AboutTask]: string | null }>`
    select c.id, c.name, c.connector, null as code, l.why, l.paused_reason as paused
    from connection c join lane l on l.tenant_id = c.tenant_id and l.kind = 'read' and l.id = c.id
    where c.tenant_id = ${tenantId} and c.id = any (${ids}::text[])
    union all
    select id, details ->> 'name', null, code, null, null from problem
    where tenant_id = ${tenantId} and id = any (${ids}::text[])`.execute(db);
  return new Map(
    rows.map(({ id, name, connector, code, why, paused }) => [
      id,
      {
        ...(name !== null && { name }),
        ...(connector !== null && { connector }),
        ...(code !== null && { code }),
        ...(why !== null && { why }),
        ...(paused !== null && { paused }),
      },
    ]),
  );
}
