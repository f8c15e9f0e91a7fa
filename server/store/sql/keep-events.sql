-- $1 tenant $2 dataset $3 connection $4 now $5 numbers[] $6 event times[] $7 objects[] $8 record ids[] $9 payloads[]
insert into outbox (tenant_id, dataset_id, connection_id, created_at, seq, event_time, object, record_id, payload)
select $1, $2, $3, $4::timestamptz, e.seq, e.event_time, e.object, e.record_id, e.payload
from unnest($5::bigint[], $6::timestamptz[], $7::text[], $8::text[], $9::text[])
  e (seq, event_time, object, record_id, payload)
