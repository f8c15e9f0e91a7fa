-- No row: the lease is lost, and nothing is written. Each lane is found by its key, in the order asked (`offset 0`). What may have been taken already is forgotten once the cursor has passed
-- it. The first word about an event that was given up stays: after a crash the same events are given up again.
-- $1 tenants[] $2 datasets[] $3 tokens[] $4 now[] $5 cursors[] $6 unsure since[] $7 unsure up to[]
-- $8 sent[] (null: no request) $9 from[] $10 to[] $11 events[] $12 took[] $13 verdicts[] $14 whys[] $15 statuses[] $16 codes[]
-- $17 subcodes[] $18 traces[] $19 words of the requests[]
-- Given up: $20 of which of these[] $21 numbers[] $22 reasons[] $23 codes[] $24 subcodes[] $25 words[] $26 traces[]
with held as (
  update lane set
    cursor_seq = greatest(cursor_seq, a.cursor),
    dispatches = dispatches + case when a.sent_at is null then 0 else 1 end,
    moved_at = case when a.verdict = 'accepted' then coalesce(a.sent_at, moved_at) else moved_at end,
    waiting_since = case when greatest(cursor_seq, a.cursor) + 1 < next_seq then waiting_since end,
    unsure_since = case when greatest(unsure_seq, a.unsure_to) > greatest(cursor_seq, a.cursor)
      then least(unsure_since, a.unsure_from) end,
    unsure_seq = case when greatest(unsure_seq, a.unsure_to) > greatest(cursor_seq, a.cursor)
      then greatest(unsure_seq, a.unsure_to) end
  from (
    select *, 'send' as kind
    from unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[], $5::bigint[], $6::timestamptz[], $7::bigint[],
        $8::timestamptz[], $9::bigint[], $10::bigint[], $11::int[], $12::int[], $13::text[], $14::text[], $15::int[],
        $16::int[], $17::int[], $18::text[], $19::text[]) with ordinality
      a (tenant_id, id, token, now, cursor, unsure_from, unsure_to, sent_at, seq_from, seq_to, events, took_ms, verdict, why_not,
        status, code, subcode, trace_id, words, n)
    offset 0
  ) a
  where lane.tenant_id = a.tenant_id and lane.kind = a.kind and lane.id = a.id and lease_token = a.token
    and lease_until is not null
  returning a.*, dispatches, paused_reason
), noted as (
  insert into dispatch
    (tenant_id, dataset_id, id, seq_from, seq_to, events, sent_at, took_ms, verdict, why, status, code, subcode, trace_id,
     words)
  select tenant_id, id, dispatches, seq_from, seq_to, events, sent_at, took_ms, verdict, why_not, status, code, subcode,
    trace_id, words
  from held where sent_at is not null
), dead as (
  insert into dead_event (tenant_id, dataset_id, at, seq, reason, code, subcode, words, trace_id)
  select held.tenant_id, held.id, held.now, d.seq, d.reason, d.code, d.subcode, d.words, d.trace_id
  from held join unnest($20::int[], $21::bigint[], $22::text[], $23::int[], $24::int[], $25::text[], $26::text[])
    d (n, seq, reason, code, subcode, words, trace_id) on d.n = held.n
  on conflict (tenant_id, dataset_id, seq) do nothing
)
select n::int, paused_reason from held
