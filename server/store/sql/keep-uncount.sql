-- What is decided anew leaves the day under which it was counted. $1 tenant $2 connection $3 days[] $4 outcomes[] $5 counts[]
insert into tally (tenant_id, connection_id, day, outcome, n)
select $1, $2, t.day, t.outcome, t.n from unnest($3::date[], $4::text[], $5::bigint[]) t (day, outcome, n)
on conflict (tenant_id, connection_id, day, outcome) do update set n = tally.n + excluded.n
