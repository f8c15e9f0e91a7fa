-- Rows that are to be decided anew and still are as they were seen, by the day under which they were counted.
-- $1 tenant $2 connection $3 records[] $4 places[] $5 outcomes[]
select to_char(s.read_at at time zone 'UTC', 'YYYY-MM-DD') as day, s.outcome, count(*)::int as n
from unnest($3::text[], $4::int[], $5::text[]) e (record, place, outcome)
join lateral (
  select read_at, outcome from record_stage
  where tenant_id = $1 and connection_id = $2 and record = e.record and place = e.place and outcome = e.outcome
  offset 0
) s on true
group by day, s.outcome
