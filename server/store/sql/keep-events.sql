-- $1 tenant $2 dataset $3 now $4 numbers[] $5 event times[] in milliseconds $6 payloads, one a line
insert into outbox (tenant_id, dataset_id, created_at, seq, event_time, payload)
select $1, $2, $3::timestamptz, e.seq, timestamptz 'epoch' + e.at * interval '1 millisecond', e.payload
from unnest($4::bigint[], $5::bigint[], string_to_array($6::text, E'\n')) e (seq, at, payload)
