-- Which of these events are where the ledger says they are: one that has moved on already is not moved a second time.
-- $1 tenant $2 dataset $3 numbers[]
select o.seq, s.seq is not null and s.seq <> o.seq as moved
from unnest($3::bigint[]) a (seq)
join lateral (
  select seq, connection_id, record, place from outbox where tenant_id = $1 and dataset_id = $2 and seq = a.seq
  offset 0
) o on true
left join lateral (
  select seq from record_stage
  where tenant_id = $1 and connection_id = o.connection_id and record = o.record and place = o.place and dataset_id = $2
  offset 0
) s on true
