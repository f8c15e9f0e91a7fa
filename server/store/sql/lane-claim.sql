-- Those that are missing from the answer somebody else has claimed first. Due again when the lease ends: the lane of a worker that
-- died comes back behind those that waited longer. Each lane is found by its key, in the order asked (`offset 0`). $1 tenants[] $2 kind $3 lanes[] $4 lease end $5 now
update lane set lease_until = $4::timestamptz, due_at = $4::timestamptz, lease_token = lease_token + 1
from (select *, $2 as kind, $5::timestamptz as now from unnest($1::text[], $3::text[]) a (tenant_id, id) offset 0) a
where lane.tenant_id = a.tenant_id and lane.kind = a.kind and lane.id = a.id
  and coalesce(due_at, 'infinity') <= a.now and (lease_until is null or lease_until <= a.now)
returning lane.tenant_id, lane.id, lease_token, attempts, unsure_since, unsure_seq,
  coalesce(waiting_since, kept_at) as waiting_since, next_seq - cursor_seq - 1 as waiting
