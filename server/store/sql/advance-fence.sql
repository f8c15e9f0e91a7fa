-- No row: the lease is lost. $1 tenant $2 dataset $3 token $4 cursor $5 requests made $6 when something was accepted
update lane set
  cursor_seq = greatest(cursor_seq, $4::bigint),
  dispatches = dispatches + $5::int,
  moved_at = coalesce($6::timestamptz, moved_at)
where tenant_id = $1 and kind = 'send' and id = $2 and lease_token = $3::bigint and lease_until is not null
returning dispatches
