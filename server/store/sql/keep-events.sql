-- $1 tenant $2 dataset $3 now $4 numbers[] $5 event times[] $6 payloads[]
insert into outbox (tenant_id, dataset_id, created_at, seq, event_time, payload)
select $1, $2, $3::timestamptz, e.seq, e.event_time, e.payload
from unnest($4::bigint[], $5::timestamptz[], $6::text[]) e (seq, event_time, payload)
