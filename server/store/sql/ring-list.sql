-- The oldest rings, and the counter of the same moment: whatever it has counted is in the list. $1 tenants[] $2 connections[]
-- $3 limits[]
select a.n::int, l.next_seq, r.object, r.record_id, r.seq
from unnest($1::text[], $2::text[], $3::int[]) with ordinality a (tenant_id, connection_id, most, n)
join lateral (
  select next_seq from lane where tenant_id = a.tenant_id and kind = 'read' and id = a.connection_id
  offset 0
) l on true
left join lateral (
  select object, record_id, seq from ring where tenant_id = a.tenant_id and connection_id = a.connection_id
  order by seq limit a.most
) r on true
order by a.n, r.seq
