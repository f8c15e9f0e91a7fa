-- A later push of the same stage entry is a duplicate of the first. Lateral, so that each id is looked up by its keys even
-- while the planner knows nothing of a table that has just been filled. $1 tenant $2 connection $3 ids[]
select i.id, i.body is null as settled, s.outcome, d.reason, s.seq <= l.cursor_seq as passed, e.seq is not null as repeated
from unnest($3::text[]) wanted (id)
join lateral (
  select * from inbox where tenant_id = $1 and connection_id = $2 and id = wanted.id limit 1
) i on true
left join lateral (
  select outcome, dataset_id, seq from record_stage
  where tenant_id = $1 and connection_id = $2 and record = i.object || ':' || i.record_id
    and pipeline_id = i.pipeline_id and stage_id = i.stage_id and entry = i.entry
  limit 1
) s on true
left join lateral (
  select cursor_seq from lane where tenant_id = $1 and kind = 'send' and id = s.dataset_id limit 1
) l on true
left join lateral (
  select reason from dead_event where tenant_id = $1 and dataset_id = s.dataset_id and seq = s.seq limit 1
) d on true
left join lateral (
  select seq from inbox
  where tenant_id = $1 and connection_id = $2 and object = i.object and record_id = i.record_id
    and pipeline_id = i.pipeline_id and stage_id = i.stage_id and entry = i.entry and seq < i.seq
  limit 1
) e on true
