-- No row: the lease is lost, and nothing is written. What may have been taken already is forgotten once the cursor has passed
-- it. The first word about an event that was given up stays: after a crash the same events are given up again.
-- $1 tenant $2 dataset $3 token $4 now $5 cursor $6 unsure since $7 unsure up to
-- $8 sent (null: no request) $9 from $10 to $11 events $12 took $13 verdict $14 why $15 status $16 code $17 subcode $18 trace
-- $19 numbers given up[] $20 reasons[] $21 codes[] $22 subcodes[] $23 words[] $24 traces[] $25 words of the request
with held as (
  update lane set
    cursor_seq = greatest(cursor_seq, $5::bigint),
    dispatches = dispatches + case when $8::timestamptz is null then 0 else 1 end,
    moved_at = case when $13::text = 'accepted' then coalesce($8::timestamptz, moved_at) else moved_at end,
    waiting_since = case when greatest(cursor_seq, $5::bigint) + 1 < next_seq then waiting_since end,
    unsure_since = case when greatest(unsure_seq, $7::bigint) > greatest(cursor_seq, $5::bigint)
      then least(unsure_since, $6::timestamptz) end,
    unsure_seq = case when greatest(unsure_seq, $7::bigint) > greatest(cursor_seq, $5::bigint)
      then greatest(unsure_seq, $7::bigint) end
  where tenant_id = $1 and kind = 'send' and id = $2 and lease_token = $3::bigint and lease_until is not null
  returning dispatches, paused_reason
), noted as (
  insert into dispatch
    (tenant_id, dataset_id, id, seq_from, seq_to, events, sent_at, took_ms, verdict, why, status, code, subcode, trace_id,
     words)
  select $1, $2, dispatches, $9::bigint, $10::bigint, $11::int, $8::timestamptz, $12::int, $13::text, $14::text, $15::int,
    $16::int, $17::int, $18::text, $25::text
  from held where $8::timestamptz is not null
), dead as (
  insert into dead_event (tenant_id, dataset_id, at, seq, reason, code, subcode, words, trace_id)
  select $1, $2, $4::timestamptz, d.seq, d.reason, d.code, d.subcode, d.words, d.trace_id
  from held cross join unnest($19::bigint[], $20::text[], $21::int[], $22::int[], $23::text[], $24::text[])
    d (seq, reason, code, subcode, words, trace_id)
  on conflict (tenant_id, dataset_id, seq) do nothing
)
select paused_reason from held
