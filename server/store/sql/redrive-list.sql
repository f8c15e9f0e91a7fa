-- Which of these events may have another try: given up, not because the person was erased, not tried again since, still there and inside their deadline. An event
-- came into the log at most minutes before its own time, so older days need not be looked at.
-- $1 tenant $2 dataset $3 numbers[] $4 earliest event time
select d.seq
from unnest($3::bigint[]) a (seq)
join lateral (
  select seq from dead_event where tenant_id = $1 and dataset_id = $2 and seq = a.seq and again_seq is null and reason <> 'erased'
  offset 0
) d on true
join lateral (
  select seq from outbox
  where tenant_id = $1 and dataset_id = $2 and seq = a.seq and event_time >= $4::timestamptz
    and created_at >= $4::timestamptz - interval '1 day'
  offset 0
) o on true
