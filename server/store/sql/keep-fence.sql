-- No row: the lease is lost. $1 tenant $2 connection $3 token $4 rings answered up to $5 when something changed
update lane set cursor_seq = greatest(cursor_seq, $4::bigint), moved_at = coalesce($5::timestamptz, moved_at)
where tenant_id = $1 and kind = 'read' and id = $2 and lease_token = $3::bigint and lease_until is not null
