-- One scan between the numbers, whatever the planner knows of the table: a join may read all of it for each of them.
-- $1 tenant $2 dataset $3 numbers[] $4 new numbers[]
update dead_event set again_seq = ($4::bigint[])[array_position($3::bigint[], seq)]
where tenant_id = $1 and dataset_id = $2 and seq = any ($3::bigint[])
  and seq between (select min(n) from unnest($3::bigint[]) n) and (select max(n) from unnest($3::bigint[]) n)
