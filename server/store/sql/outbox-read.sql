-- The cursor as a subquery, so that the key's order serves the limit; a lost lease or a paused lane reads
-- nothing.
-- $1 tenant $2 dataset $3 token $4 limit
select seq, event_time, payload from outbox
where tenant_id = $1 and dataset_id = $2
  and seq > (select cursor_seq from lane where tenant_id = $1 and kind = 'send' and id = $2 and lease_token = $3::bigint
      and paused_reason is null)
order by seq limit $4
