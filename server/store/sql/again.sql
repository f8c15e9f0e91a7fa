-- The same events once more, at the end of their lane; the ledger follows them there, so that figures, which count by the
-- ledger, and the list, which goes by the log, have them at one time. $1 tenant $2 dataset $3 created
-- $4 set aside (0 or 1) $5 numbers that they had[] $6 new numbers[] $7 other payloads[] (null: as it was)
with again as (
  insert into outbox
    (tenant_id, dataset_id, created_at, seq, event_time, payload, connection_id, record, place, asides, again_of)
  select $1, $2, $3::timestamptz, a.seq, o.event_time, coalesce(a.payload, o.payload), o.connection_id, o.record, o.place,
    o.asides + $4::smallint, o.seq
  from unnest($5::bigint[], $6::bigint[], $7::text[]) a (again_of, seq, payload)
  join lateral (
    select * from outbox where tenant_id = $1 and dataset_id = $2 and seq = a.again_of
    offset 0
  ) o on true
  returning connection_id, record, place, again_of, seq
)
update record_stage s set seq = again.seq, read_at = $3
from again
where s.tenant_id = $1 and s.connection_id = again.connection_id and s.record = again.record and s.place = again.place
  and s.dataset_id = $2 and s.seq = again.again_of
