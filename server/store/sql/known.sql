-- `offset 0` keeps the planner from joining whole tables: each record is looked up by its key, even while nothing is known yet
-- of how large the ledger has become. $1 tenant $2 connection $3 objects[] $4 record ids[]
select s.object, s.record_id, s.pipeline_id, s.stage_id, s.entered_at, s.time_quality, s.entry, s.filled
from unnest($3::text[], $4::text[]) r (object, record_id)
join lateral (
  select * from record_stage
  where tenant_id = $1 and connection_id = $2 and object = r.object and record_id = r.record_id
  offset 0
) s on true
order by s.entered_at, s.read_at, s.position
