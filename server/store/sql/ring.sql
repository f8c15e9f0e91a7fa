-- The lane's row lock makes the order of numbers the order of commits. A lane that backs off or is being worked on keeps its
-- due time: the release looks at the counter. Each lane is found by its key, in the order asked (`offset 0`). No row for a connection that is not there.
-- $1 tenants[] $2 connections[] $3 counts[] $4 now[] $5 which of these[] $6 objects[] $7 record ids[] $8 the how-manieth[] from 0
with bell as (
  update lane set
    next_seq = next_seq + a.count,
    due_at = case
      when paused_reason is not null then null
      when attempts > 0 or why is not null or lease_until > a.now then coalesce(due_at, a.now)
      else least(due_at, a.now)
    end
  from (
    select *, 'read' as kind
    from unnest($1::text[], $2::text[], $3::int[], $4::timestamptz[]) with ordinality a (tenant_id, id, count, now, n)
    offset 0
  ) a
  where lane.tenant_id = a.tenant_id and lane.kind = a.kind and lane.id = a.id
  returning a.n, a.tenant_id, a.id, next_seq - a.count as base
), rung as (
  insert into ring (tenant_id, connection_id, object, record_id, seq)
  select bell.tenant_id, bell.id, r.object, r.record_id, bell.base + r.nth
  from bell join unnest($5::int[], $6::text[], $7::text[], $8::int[]) r (n, object, record_id, nth) on r.n = bell.n
  on conflict (tenant_id, connection_id, object, record_id) do update set seq = excluded.seq
)
select n::int from bell
