-- One page, all of it or nothing: the fence and the dataset's lane first, then what hangs on them. No row: the lease
-- is lost, or the dataset is not there. The lane's row lock makes the order of numbers the order of commits; along a lane
-- created_at never falls, whatever the clocks of its writers say. Fails where a place is taken already.
-- $1 tenant $2 connection $3 token $4 rings answered up to $5 when something changed $6 now $7 mapping version $8 dataset
-- $9 count of events $10 due $11 records[] $12 places[] $13 pipelines[] $14 stages[] $15 entries[] $16 entered[] in milliseconds
-- $17 time qualities[] $18 filled[] $19 outcomes[] $20 which event, from 0[] (null: none) $21 decided anew[]
-- (the ledger has the row) $22 payloads, one a line $23 counted outcomes[] $24 counts[] $25 checkpoint
with held as (
  update lane set cursor_seq = greatest(cursor_seq, $4::bigint), moved_at = coalesce($5::timestamptz, moved_at)
  where tenant_id = $1 and kind = 'read' and id = $2 and lease_token = $3::bigint and lease_until is not null
    and ($9::int = 0 or exists (select from lane where tenant_id = $1 and kind = 'send' and id = $8))
  returning id
), numbers as (
  update lane set
    next_seq = next_seq + $9::int,
    kept_at = greatest(kept_at, $6::timestamptz),
    waiting_since = coalesce(waiting_since, greatest(kept_at, $6::timestamptz)),
    due_at = case when paused_reason is null then coalesce(due_at, $10::timestamptz) end
  where tenant_id = $1 and kind = 'send' and id = $8 and $9::int > 0 and exists (select from held)
  returning next_seq - $9::int as base, kept_at
), page as materialized (
  select e.*, timestamptz 'epoch' + e.entered * interval '1 millisecond' as entered_at, n.base + e.event as seq, n.kept_at
  from held cross join unnest($11::text[], $12::int[], $13::text[], $14::text[], $15::text[], $16::bigint[], $17::text[],
      $18::boolean[], $19::text[], $20::int[], $21::boolean[], string_to_array($22::text, E'\n'))
    e (record, place, pipeline_id, stage_id, entry, entered, time_quality, filled, outcome, event, anew, payload)
  left join numbers n on true
), events as (
  insert into outbox (tenant_id, dataset_id, seq, event_time, created_at, connection_id, record, place, payload)
  select $1, $8, seq, entered_at, kept_at, $2, record, place, payload from page where event is not null
), entries as (
  insert into record_stage
    (tenant_id, connection_id, record, place, pipeline_id, stage_id, entry, entered_at, read_at, time_quality, filled,
     mapping_version, outcome, dataset_id, seq)
  select $1, $2, record, place, pipeline_id, stage_id, entry, entered_at, $6::timestamptz, time_quality, filled,
    $7::int, outcome, case when event is not null then $8 end, seq
  from page where anew is not true
), counted as (
  insert into tally (tenant_id, connection_id, day, outcome, n)
  select $1, $2, ($6::timestamptz at time zone 'UTC')::date, t.outcome, t.n
  from held cross join unnest($23::text[], $24::bigint[]) t (outcome, n)
  on conflict (tenant_id, connection_id, day, outcome) do update set n = tally.n + excluded.n
), moved as (
  insert into checkpoint (tenant_id, connection_id, body, updated_at)
  select $1, $2, $25::text, $6::timestamptz from held where $25::text is not null
  on conflict (tenant_id, connection_id) do update set body = excluded.body, updated_at = excluded.updated_at
), answered as (
  delete from ring using held where tenant_id = $1 and connection_id = $2 and seq <= $4::bigint
)
select (select base from numbers) as base from held
