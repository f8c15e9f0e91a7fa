-- $1 tenant $2 dataset $3 numbers[] $4 new numbers[]
update dead_event d set again_seq = a.seq
from unnest($3::bigint[], $4::bigint[]) a (again_of, seq)
where d.tenant_id = $1 and d.dataset_id = $2 and d.seq = a.again_of
