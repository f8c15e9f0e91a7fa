-- The rows are there: as an insert that meets them, each is found by its key however large the ledger has become.
-- $1 tenant $2 connection $3 now $4 mapping version $5 dataset $6 records[] $7 places[] $8 pipelines[] $9 stages[] $10 entries[]
-- $11 entered[] in milliseconds $12 time qualities[] $13 filled[] $14 outcomes[] $15 numbers[] (null: not sent)
insert into record_stage
  (tenant_id, connection_id, record, place, pipeline_id, stage_id, entry, entered_at, read_at, time_quality, filled,
   mapping_version, outcome, dataset_id, seq)
select $1, $2, e.record, e.place, e.pipeline_id, e.stage_id, e.entry,
  timestamptz 'epoch' + e.entered * interval '1 millisecond', $3::timestamptz, e.time_quality, e.filled, $4::int, e.outcome,
  case when e.seq is not null then $5 end, e.seq
from unnest($6::text[], $7::int[], $8::text[], $9::text[], $10::text[], $11::bigint[], $12::text[], $13::boolean[],
    $14::text[], $15::bigint[])
  e (record, place, pipeline_id, stage_id, entry, entered, time_quality, filled, outcome, seq)
on conflict (tenant_id, connection_id, record, place) do update set
  read_at = excluded.read_at, mapping_version = excluded.mapping_version, outcome = excluded.outcome,
  dataset_id = excluded.dataset_id, seq = excluded.seq
