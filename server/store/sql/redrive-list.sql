-- Which of these events may have another try: given up, not because the person was erased, not tried again since, still there
-- and inside their deadline. An event came into the log at most minutes before its own time, so older days need not be looked
-- at. One scan between the numbers, whatever the planner knows of the table.
-- $1 tenant $2 dataset $3 numbers[] $4 earliest event time
select d.seq
from (
  select seq from dead_event
  where tenant_id = $1 and dataset_id = $2 and seq = any ($3::bigint[]) and again_seq is null and reason <> 'erased'
    and seq between (select min(n) from unnest($3::bigint[]) n) and (select max(n) from unnest($3::bigint[]) n)
  offset 0
) d
join lateral (
  select seq from outbox
  where tenant_id = $1 and dataset_id = $2 and seq = d.seq and event_time >= $4::timestamptz
    and created_at >= $4::timestamptz - interval '1 day'
  offset 0
) o on true
