-- Fails on an entry that is known already, and with it the whole transaction. $1 tenant $2 connection $3 now
-- $4 mapping version $5 dataset $6 objects[] $7 record ids[] $8 pipelines[] $9 stages[] $10 entries[] $11 entered[] in milliseconds
-- $12 time qualities[] $13 filled[] $14 outcomes[] $15 numbers[] (null: not sent)
insert into record_stage
  (tenant_id, connection_id, read_at, mapping_version, dataset_id, object, record_id, pipeline_id, stage_id, entry,
   entered_at, time_quality, filled, outcome, seq, position)
select $1, $2, $3::timestamptz, $4::int, case when e.seq is not null then $5 end, e.object, e.record_id, e.pipeline_id,
  e.stage_id, e.entry,
  timestamptz 'epoch' + e.entered * interval '1 millisecond', e.time_quality, e.filled, e.outcome, e.seq, e.n
from unnest($6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[], $12::text[], $13::boolean[],
    $14::text[], $15::bigint[]) with ordinality
  e (object, record_id, pipeline_id, stage_id, entry, entered, time_quality, filled, outcome, seq, n)
