-- Takes numbers for events that come into the log once more, as keep-page does for new ones; none where the count is 0. $1 tenant $2 dataset $3 count $4 now $5 due
update lane set
  next_seq = next_seq + $3::int,
  kept_at = greatest(kept_at, $4::timestamptz),
  waiting_since = case when $3::int > 0 then coalesce(waiting_since, greatest(kept_at, $4::timestamptz)) else waiting_since end,
  due_at = case when paused_reason is null and $3::int > 0 then coalesce(due_at, $5::timestamptz) else due_at end
where tenant_id = $1 and kind = 'send' and id = $2
returning next_seq - $3::int as base, kept_at as created_at
