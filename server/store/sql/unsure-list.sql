-- When each of these events was first in a request that nobody answered: under its number, or under one that it had before it
-- was set aside. What an operator sent again begins anew. $1 tenant $2 dataset $3 numbers[]
with recursive had as (
  select seq, seq as number from unnest($3::bigint[]) n (seq)
  union all
  select had.seq, o.again_of
  from had
  join outbox o on o.tenant_id = $1 and o.dataset_id = $2 and o.seq = had.number and o.asides > 0
  where o.again_of is not null and not exists (
    select from dead_event d where d.tenant_id = $1 and d.dataset_id = $2 and d.seq = o.again_of
  )
)
select had.seq, min(d.sent_at) as since
from had
join dispatch d on d.tenant_id = $1 and d.dataset_id = $2 and d.verdict = 'unknown'
  and d.seq_to >= had.number and d.seq_from <= had.number
group by had.seq
