-- `offset 0` keeps the planner from joining whole tables: each record is looked up by its key, even while nothing is known yet
-- of how large the ledger has become. $1 tenants[] $2 connections[] $3 which of these[] $4 records[]
select a.n::int, s.record, s.place, s.pipeline_id, s.stage_id, s.entered_at, s.time_quality, s.entry, s.filled, s.outcome
from unnest($1::text[], $2::text[]) with ordinality a (tenant_id, connection_id, n)
join unnest($3::int[], $4::text[]) r (n, record) on r.n = a.n
join lateral (
  select * from record_stage where tenant_id = a.tenant_id and connection_id = a.connection_id and record = r.record
  offset 0
) s on true
order by s.entered_at, s.place
