-- The lane's row lock makes the order of numbers the order of commits. A lane that backs off or is being worked on keeps its
-- due time: the release looks at the counter. $1 tenant $2 connection $3 count $4 objects[] $5 record ids[] $6 now
with bell as (
  update lane set
    next_seq = next_seq + $3::int,
    due_at = case
      when paused_reason is not null then null
      when attempts > 0 or why is not null or lease_until > $6::timestamptz then coalesce(due_at, $6::timestamptz)
      else least(due_at, $6::timestamptz)
    end
  where tenant_id = $1 and kind = 'read' and id = $2
  returning next_seq - $3::int as base
)
insert into ring (tenant_id, connection_id, object, record_id, seq)
select $1, $2, r.object, r.record_id, bell.base + r.n - 1
from bell, unnest($4::text[], $5::text[]) with ordinality r (object, record_id, n)
on conflict (tenant_id, connection_id, object, record_id) do update set seq = excluded.seq
