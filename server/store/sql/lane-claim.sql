-- No row: somebody else was faster. Due again when the lease ends: the lane of a worker that died comes back behind those
-- that waited longer. $1 tenant $2 kind $3 lane $4 lease end $5 now
update lane set lease_until = $4::timestamptz, due_at = $4::timestamptz, lease_token = lease_token + 1
where tenant_id = $1 and kind = $2 and id = $3
  and due_at <= $5::timestamptz and (lease_until is null or lease_until <= $5::timestamptz)
returning tenant_id, id, lease_token, attempts, unsure_since, unsure_seq,
  coalesce(waiting_since, kept_at) as waiting_since
