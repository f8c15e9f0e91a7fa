-- A later push of the same stage entry is a duplicate of the first. $1 tenant $2 connection $3 ids[]
select i.id, i.body is null as settled, s.outcome, d.reason, s.seq <= l.cursor_seq as passed,
  exists (
    select 1 from inbox e
    where e.tenant_id = i.tenant_id and e.connection_id = i.connection_id and e.object = i.object
      and e.record_id = i.record_id and e.pipeline_id = i.pipeline_id and e.stage_id = i.stage_id
      and e.entry = i.entry and e.seq < i.seq
  ) as repeated
from inbox i
left join record_stage s
  on s.tenant_id = i.tenant_id and s.connection_id = i.connection_id and s.object = i.object
  and s.record_id = i.record_id and s.pipeline_id = i.pipeline_id and s.stage_id = i.stage_id and s.entry = i.entry
left join lane l on l.tenant_id = s.tenant_id and l.kind = 'send' and l.id = s.dataset_id
left join dead_event d on d.tenant_id = s.tenant_id and d.dataset_id = s.dataset_id and d.seq = s.seq
where i.tenant_id = $1 and i.connection_id = $2 and i.id = any ($3::text[])
