-- $1 tenant $2 connection $3 objects[] $4 record ids[]
select s.object, s.record_id, s.pipeline_id, s.stage_id, s.entered_at, s.time_quality, s.entry, s.filled
from unnest($3::text[], $4::text[]) r (object, record_id)
join record_stage s
  on s.tenant_id = $1 and s.connection_id = $2 and s.object = r.object and s.record_id = r.record_id
order by s.entered_at, s.read_at, s.position
