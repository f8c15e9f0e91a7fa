-- `offset 0`: as in known. $1 tenants[] $2 connections[]
select a.n::int, c.body
from unnest($1::text[], $2::text[]) with ordinality a (tenant_id, connection_id, n)
join lateral (
  select body from checkpoint where tenant_id = a.tenant_id and connection_id = a.connection_id
  offset 0
) c on true
