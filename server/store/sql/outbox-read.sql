-- The cursor as a subquery, so that the key's order serves the limit; a lost lease or a paused lane reads
-- nothing. Nothing that waits came into the log before $5, so older partitions are not looked at.
-- $1 tenant $2 dataset $3 token $4 limit $5 waiting since
select seq, event_time, created_at, asides, payload from outbox
where tenant_id = $1 and dataset_id = $2 and created_at >= $5::timestamptz
  and seq > (select cursor_seq from lane where tenant_id = $1 and kind = 'send' and id = $2 and lease_token = $3::bigint
      and paused_reason is null)
order by seq limit $4
