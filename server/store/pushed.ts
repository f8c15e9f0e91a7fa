import { type Kysely, sql } from "kysely";
import { recordKey } from "../../core/connector.ts";
import type { Pushed } from "../../core/explain.ts";
import { leadOfEvent, readEvent } from "../../core/meta/read-event.ts";
import type { ConnectionId, Lead, RecordRef, StageObservation, TenantId } from "../../core/types.ts";
import { revived } from "./inbox.ts";
import type { Tables } from "./tables.ts";

/** What we hold of a record that was pushed to us: pushes not read yet, and the person as the last of them or its last event tells. */
export async function pushedOf(
  db: Kysely<Tables>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  record: RecordRef,
): Promise<Pushed> {
  const waiting = await sql<{ body: string }>`
    select body from inbox
    where tenant_id = ${tenantId} and connection_id = ${connectionId} and object = ${record.object}
      and record_id = ${record.id} and body is not null
    order by seq limit 200`.execute(db);
  const pushes = waiting.rows.map(({ body }): { observation: StageObservation; lead: Lead } =>
    JSON.parse(body, revived),
  );
  const last = await sql<{ payload: string }>`
    select o.payload from record_stage s
    join outbox o on o.tenant_id = s.tenant_id and o.dataset_id = s.dataset_id and o.seq = s.seq
    where s.tenant_id = ${tenantId} and s.connection_id = ${connectionId} and s.record = ${recordKey(record)}
      and s.outcome = 'event'
    order by s.place desc limit 1`.execute(db);
  const [sent] = last.rows;
  const lead = pushes.at(-1)?.lead ?? (sent && leadOfEvent(readEvent(sent.payload)));
  return { observations: pushes.map(({ observation }) => observation), ...(lead && { lead }) };
}
