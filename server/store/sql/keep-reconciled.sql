-- What became of the entries of each day, as the ledger has it after this very page. Stages that we filled in are ours, not the
-- CRM's: left out. What was found late on a day adds up from one comparison to the next. $1 tenant $2 connection $3 now $4 days[]
-- $5 seen[] $6 missed[]
insert into reconciliation
  (tenant_id, connection_id, day, seen, missed, accepted, waiting, refused, not_sent, checked_at, missed_at)
select $1, $2, d.day, d.seen, d.missed, coalesce(sum(c.n) filter (where c.state = 'accepted'), 0),
  coalesce(sum(c.n) filter (where c.state = 'waiting'), 0), coalesce(sum(c.n) filter (where c.state = 'refused'), 0),
  coalesce(jsonb_object_agg(c.reason, c.n) filter (where c.state = 'not_sent'), '{}'), $3::timestamptz,
  case when d.missed > 0 then $3::timestamptz end
from unnest($4::date[], $5::bigint[], $6::bigint[]) d (day, seen, missed)
left join (
  select (s.entered_at at time zone 'UTC')::date as day, count(*) as n,
    case when s.outcome <> 'event' then 'not_sent' when e.seq is not null then 'refused'
      when s.seq <= l.cursor_seq then 'accepted' else 'waiting' end as state,
    case when s.outcome <> 'event' then s.outcome end as reason
  from record_stage s
  left join lane l on l.tenant_id = $1 and l.kind = 'send' and l.id = s.dataset_id
  left join dead_event e on e.tenant_id = $1 and e.dataset_id = s.dataset_id and e.seq = s.seq
  where s.tenant_id = $1 and s.connection_id = $2 and not s.filled
    and (s.entered_at at time zone 'UTC')::date = any ($4::date[])
  group by 1, 3, 4
) c on c.day = d.day
group by d.day, d.seen, d.missed
on conflict (tenant_id, connection_id, day) do update set
  seen = excluded.seen, missed = reconciliation.missed + excluded.missed, accepted = excluded.accepted,
  waiting = excluded.waiting, refused = excluded.refused, not_sent = excluded.not_sent, checked_at = excluded.checked_at,
  missed_at = coalesce(excluded.missed_at, reconciliation.missed_at)
