-- The first word about an event stays: after a crash the same events are given up again. $1 tenant $2 dataset $3 now
-- $4 numbers[] $5 reasons[] $6 codes[] $7 subcodes[] $8 words[] $9 traces[]
insert into dead_event (tenant_id, dataset_id, at, seq, reason, code, subcode, words, trace_id)
select $1, $2, $3::timestamptz, d.seq, d.reason, d.code, d.subcode, d.words, d.trace_id
from unnest($4::bigint[], $5::text[], $6::int[], $7::int[], $8::text[], $9::text[])
  d (seq, reason, code, subcode, words, trace_id)
on conflict (tenant_id, dataset_id, seq) do nothing
