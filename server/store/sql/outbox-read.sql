-- A lost lease or a paused lane reads nothing. Nothing that waits came into the log before its lane's `since`, so older partitions
-- are not looked at. $1 tenants[] $2 datasets[] $3 tokens[] $4 limits[] $5 waiting since[]
select a.n::int, o.seq, o.event_time, o.created_at, o.asides, o.payload
from unnest($1::text[], $2::text[], $3::bigint[], $4::int[], $5::timestamptz[]) with ordinality
  a (tenant_id, dataset_id, token, most, since, n)
join lateral (
  select cursor_seq from lane
  where tenant_id = a.tenant_id and kind = 'send' and id = a.dataset_id and lease_token = a.token and paused_reason is null
  offset 0
) l on true
join lateral (
  select seq, event_time, created_at, asides, payload from outbox
  where tenant_id = a.tenant_id and dataset_id = a.dataset_id and created_at >= a.since and seq > l.cursor_seq
  order by seq limit a.most
) o on true
order by a.n, o.seq
