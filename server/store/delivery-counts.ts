import { type Kysely, sql } from "kysely";
import type { TenantId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/** Reasons for not sending (by whole days of UTC) and for giving up that occurred since, the most frequent first. */
export async function reasonCounts(
  db: Kysely<Tables>,
  tenantId: TenantId,
  since: Date,
): Promise<readonly { readonly code: string; readonly count: number }[]> {
  const { rows } = await sql<{ code: string; count: number }>`
    select code, sum(n)::bigint as count from (
      select outcome as code, sum(n) as n from tally
      where tenant_id = ${tenantId} and day >= ${since.toISOString().slice(0, 10)}::date and outcome <> 'event'
        and outcome not like 'dropped:%'
      group by outcome having sum(n) > 0
      union all
      select reason, count(*) from dead_event
      where tenant_id = ${tenantId} and at >= ${since}::timestamptz and again_seq is null group by reason
    ) counted group by code order by count desc, code`.execute(db);
  return rows;
}

/** How many events wait now, and how many were given up since and not sent again. */
export async function standing(
  db: Kysely<Tables>,
  tenantId: TenantId,
  since: Date,
): Promise<{ readonly waiting: number; readonly refused: number }> {
  const { rows } = await sql<{ waiting: number; refused: number }>`
    select
      (select coalesce(sum(next_seq - 1 - cursor_seq), 0)::bigint from lane where tenant_id = ${tenantId} and kind = 'send')
        as waiting,
      (select count(*) from dead_event where tenant_id = ${tenantId} and at >= ${since}::timestamptz and again_seq is null)
        as refused`.execute(db);
  return rows[0] ?? { waiting: 0, refused: 0 };
}
