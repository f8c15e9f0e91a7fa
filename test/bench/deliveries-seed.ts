import type { ConnectionId, DatasetId, TenantId } from "../../core/types.ts";
import { findMapping, saveMapping } from "../../server/store/mappings.ts";
import { ensurePartitions } from "../../server/store/partitions.ts";
import type { Database } from "./server.ts";

const rows = 1_000_000;
const days = 28;

export interface Account {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly datasetId: DatasetId;
}

/** Seven of ten became events: every seventh of them refused, the last 100,000 waiting, 100 to a request. */
export async function aMillion(
  { store, owner }: Database,
  { tenantId, connectionId, datasetId }: Account,
): Promise<void> {
  for (let day = -days; day < 0; day += 1) await ensurePartitions(store, new Date(Date.now() + day * 86_400_000));
  const ids = [tenantId, connectionId, datasetId];
  const saved = await findMapping(store.db, tenantId, connectionId);
  const [like] = saved?.mapping.rules ?? [];
  if (!saved || !like) throw new Error("there is no mapping");
  const stages = [...saved.mapping.rules, { ...like, stageId: "rare", eventName: "Rare" }];
  const mapping = { ...saved.mapping, rules: stages };
  await saveMapping(
    store.db,
    tenantId,
    connectionId,
    { from: saved.mapping.version, mapping, savedBy: "x" },
    new Date(),
  );
  await owner(`create table seed as
    select n, n % 10 < 7 as sent, case when n % 10 < 7 then (n / 10) * 7 + n % 10 + 1 end as seq,
      case when n % 100000 = 0 then 'rare' else 's' || n % 5 end as stage,
      date_trunc('milliseconds', now() - (${rows} - n) * interval '${days} days' / ${rows}) as at
    from generate_series(0, ${rows - 1}) n`);
  await owner(
    `insert into record_stage (tenant_id, connection_id, record, place, pipeline_id, stage_id, entry, entered_at, read_at,
      time_quality, filled, mapping_version, outcome, dataset_id, seq)
    select $1, $2, 'deal:' || 9000000000 + n, 1, 'sales', stage, 't1', at, at, 'exact', false, 1,
      case when sent then 'event' when n % 100000 = 7 then 'no_consent'
        else (array['lead_not_found', 'stage_ignored', 'first_reading'])[n % 3 + 1] end,
      case when sent then $3 end, seq
    from seed order by n`,
    ids,
  );
  await owner(
    `insert into outbox (tenant_id, dataset_id, seq, event_time, created_at, connection_id, record, place, payload)
    select $1, $3, seq, at, at, $2, 'deal:' || 9000000000 + n, 1,
      '{"event_name":"' || name || '","event_time":1790000000,"event_id":"'
      || md5(n::text) || '","action_source":"system_generated","user_data":{"lead_id":' || 510000000000000 + n || ',"em":["'
      || md5(n || 'a') || md5(n || 'b') || '"],"ph":["' || md5(n || 'c') || md5(n || 'd')
      || '"]},"custom_data":{"event_source":"crm","lead_event_source":"HubSpot"}}'
    from seed join unnest($4::text[], $5::text[]) m (id, name) on m.id = stage where sent order by n`,
    [...ids, stages.map(({ stageId }) => stageId), stages.map(({ eventName }) => eventName)],
  );
  await owner(
    `insert into dead_event (tenant_id, dataset_id, at, seq, reason)
    select $1, $2, at, seq, case when seq % 70000 = 0 then 'refused_keys' else 'refused_invalid' end
    from seed where seq % 7 = 0 and seq <= ${rows * 0.6}`,
    [tenantId, datasetId],
  );
  await owner(
    `insert into dispatch (tenant_id, dataset_id, id, seq_from, seq_to, sent_at, events, took_ms, verdict, trace_id)
    select $1, $2, seq / 100, seq - 99, seq, at, 100, 50, 'accepted', 'Trace' || seq / 100
    from seed where seq % 100 = 0 and seq <= ${rows * 0.6}`,
    [tenantId, datasetId],
  );
  await owner(
    `update lane set next_seq = ${rows * 0.7 + 1}, cursor_seq = ${rows * 0.6}, waiting_since = now() - interval '4 days'
     where tenant_id = $1 and kind = 'send'`,
    [tenantId],
  );
  await owner("drop table seed");
  await owner("vacuum analyze");
}
