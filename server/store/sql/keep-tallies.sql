-- $1 tenant $2 connection $3 day $4 outcomes[] $5 counts[]
insert into tally (tenant_id, connection_id, day, outcome, n)
select $1, $2, $3::date, t.outcome, t.n from unnest($4::text[], $5::bigint[]) t (outcome, n)
on conflict (tenant_id, connection_id, day, outcome) do update set n = tally.n + excluded.n
