-- Every arrival counts next_seq up on this very row, so none is overlooked. A reader's due time is its next poll, and what
-- arrived meanwhile comes before it; a sender that names a time has seen the head of its queue. Whoever waits for a reason
-- waits. A pause from outside while we worked stays.
-- $1 tenant $2 kind $3 lane $4 token $5 attempts $6 paused reason $7 due $8 when more is due $9 why
update lane set
  lease_until = null,
  attempts = $5::int,
  why = $9::text,
  paused_reason = coalesce($6::text, paused_reason),
  due_at = case
    when coalesce($6::text, paused_reason) is not null then null
    when next_seq > cursor_seq + 1
      and ($7::timestamptz is null or (kind = 'read' and $5::int = 0 and $9::text is null)) then $8::timestamptz
    else $7::timestamptz
  end
where tenant_id = $1 and kind = $2 and id = $3 and lease_token = $4::bigint and lease_until is not null
