-- Those that are missing from the answer somebody else has claimed first. Due again when the lease ends: the lane of a worker that
-- died comes back behind those that waited longer. $1 tenants[] $2 kind $3 lanes[] $4 lease end $5 now
update lane set lease_until = $4::timestamptz, due_at = $4::timestamptz, lease_token = lease_token + 1
from unnest($1::text[], $3::text[]) a (tenant_id, id)
where lane.tenant_id = a.tenant_id and lane.kind = $2 and lane.id = a.id
  and due_at <= $5::timestamptz and (lease_until is null or lease_until <= $5::timestamptz)
returning lane.tenant_id, lane.id, lease_token, attempts, unsure_since, unsure_seq,
  coalesce(waiting_since, kept_at) as waiting_since, next_seq - cursor_seq - 1 as waiting
