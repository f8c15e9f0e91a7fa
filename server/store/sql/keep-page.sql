-- Pages of several connections, each of it all or nothing: the fence and the dataset's lane first, then what hangs on them. No row: the
-- lease is lost, or the dataset is not there. The lane's row lock makes the order of numbers the order of commits; along a lane
-- created_at never falls, whatever the clocks of its writers say. Lanes are locked in the order of their keys: what is asked for is
-- kept from the planner (`offset 0`), so that it goes from there to each lane by its key. Fails where a place is taken already.
-- $1 tenants[] $2 connections[] $3 tokens[] $4 rings answered up to[] $5 when something changed[] $6 now[] $7 mapping versions[]
-- $8 datasets[] $9 counts of events[] $10 checkpoints[] $11 how long a dataset lingers, in milliseconds
-- Entries: $12 of which page[] $13 records[] $14 places[] $15 pipelines[] $16 stages[] $17 entries[] $18 entered[] in milliseconds
-- $19 time qualities[] $20 filled[] $21 outcomes[] $22 which event, from 0[] (null: none) $23 decided anew[] (the ledger has the row)
-- $24 payloads, one a line
-- Counts: $25 of which page[] $26 outcomes[] $27 counts[]
with held as (
  update lane set cursor_seq = greatest(cursor_seq, a.rings_up_to), moved_at = coalesce(a.changed_at, moved_at)
  from (
    select *, 'read' as kind, 'send' as sends, $11::int * interval '1 millisecond' as linger
    from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::timestamptz[], $7::int[], $8::text[],
        $9::int[], $10::text[]) with ordinality
      a (tenant_id, connection_id, token, rings_up_to, changed_at, now, mapping_version, dataset_id, events, body, n)
    offset 0
  ) a
  where lane.tenant_id = a.tenant_id and lane.kind = a.kind and lane.id = a.connection_id and lease_token = a.token
    and lease_until is not null
    and (a.events = 0
      or (select s.next_seq from lane s where s.tenant_id = a.tenant_id and s.kind = a.sends and s.id = a.dataset_id) > 0)
  returning a.*, paused_reason is not null as paused
), numbers as (
  update lane set
    next_seq = next_seq + a.events,
    kept_at = greatest(kept_at, a.now),
    waiting_since = coalesce(waiting_since, greatest(kept_at, a.now)),
    due_at = case when paused_reason is null then coalesce(due_at, least(greatest(a.now, moved_at + linger), a.now + linger)) end
  from (select * from held where events > 0 order by tenant_id collate "C", dataset_id collate "C") a
  where lane.tenant_id = a.tenant_id and lane.kind = a.sends and lane.id = a.dataset_id
  returning a.n, next_seq - a.events as base, kept_at
), page as materialized (
  select held.tenant_id, held.connection_id, held.dataset_id, held.now, held.mapping_version, e.*,
    timestamptz 'epoch' + e.entered * interval '1 millisecond' as entered_at, numbers.base + e.event as seq, numbers.kept_at
  from held
  join unnest($12::int[], $13::text[], $14::int[], $15::text[], $16::text[], $17::text[], $18::bigint[],
      $19::text[], $20::boolean[], $21::text[], $22::int[], $23::boolean[], string_to_array($24::text, E'\n'))
    e (n, record, place, pipeline_id, stage_id, entry, entered, time_quality, filled, outcome, event, anew, payload)
    on e.n = held.n
  left join numbers on numbers.n = held.n
), events as (
  insert into outbox (tenant_id, dataset_id, seq, event_time, created_at, connection_id, record, place, payload)
  select tenant_id, dataset_id, seq, entered_at, kept_at, connection_id, record, place, payload
  from page where event is not null
), entries as (
  insert into record_stage
    (tenant_id, connection_id, record, place, pipeline_id, stage_id, entry, entered_at, read_at, time_quality, filled,
     mapping_version, outcome, dataset_id, seq)
  select tenant_id, connection_id, record, place, pipeline_id, stage_id, entry, entered_at, now, time_quality, filled,
    mapping_version, outcome, case when event is not null then dataset_id end, seq
  from page where anew is not true
), counted as (
  insert into tally (tenant_id, connection_id, day, outcome, n)
  select held.tenant_id, held.connection_id, (held.now at time zone 'UTC')::date, t.outcome, t.n
  from held join unnest($25::int[], $26::text[], $27::bigint[]) t (page, outcome, n) on t.page = held.n
  on conflict (tenant_id, connection_id, day, outcome) do update set n = tally.n + excluded.n
), moved as (
  insert into checkpoint (tenant_id, connection_id, body, updated_at)
  select tenant_id, connection_id, body, now from held where body is not null
  on conflict (tenant_id, connection_id) do update set body = excluded.body, updated_at = excluded.updated_at
), answered as (
  delete from ring using held
  where ring.tenant_id = held.tenant_id and ring.connection_id = held.connection_id and ring.seq <= held.rings_up_to
)
select held.n::int, held.paused, numbers.base from held left join numbers on numbers.n = held.n
