-- Pushed observations take their numbers from the same counter as rings. $1 tenant $2 connection $3 count $4 now $5 ids[]
-- $6 objects[] $7 record ids[] $8 pipelines[] $9 stages[] $10 entries[] $11 bodies[]
with bell as (
  update lane set
    next_seq = next_seq + $3::int,
    due_at = case
      when paused_reason is not null then null
      when attempts > 0 or why is not null or lease_until > $4::timestamptz then coalesce(due_at, $4::timestamptz)
      else least(due_at, $4::timestamptz)
    end
  where tenant_id = $1 and kind = 'read' and id = $2
  returning next_seq - $3::int as base
), taken as (
  insert into inbox
    (tenant_id, connection_id, id, seq, object, record_id, pipeline_id, stage_id, entry, received_at, body)
  select $1, $2, i.id, bell.base + i.n - 1, i.object, i.record_id, i.pipeline_id, i.stage_id, i.entry, $4::timestamptz, i.body
  from bell, unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[]) with ordinality
    i (id, object, record_id, pipeline_id, stage_id, entry, body, n)
  on conflict (tenant_id, connection_id, id) do nothing
  returning id
)
select (select count(*) from bell) as lanes, array(select id from taken) as taken
