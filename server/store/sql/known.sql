-- `offset 0` keeps the planner from joining whole tables: each record is looked up by its key, even while nothing is known yet
-- of how large the ledger has become. $1 tenant $2 connection $3 records[]
select s.record, s.place, s.pipeline_id, s.stage_id, s.entered_at, s.time_quality, s.entry, s.filled, s.outcome
from unnest($3::text[]) r (record)
join lateral (
  select * from record_stage where tenant_id = $1 and connection_id = $2 and record = r.record
  offset 0
) s on true
order by s.entered_at, s.place
