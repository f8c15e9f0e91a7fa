-- Takes numbers for events; the row lock makes their order the order of commits. $1 tenant $2 dataset $3 count $4 now
update lane set
  next_seq = next_seq + $3::int,
  due_at = case when paused_reason is null then coalesce(due_at, $4::timestamptz) end
where tenant_id = $1 and kind = 'send' and id = $2
returning next_seq - $3::int as base
