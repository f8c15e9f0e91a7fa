-- $1 tenant $2 dataset $3 id $4 from $5 to $6 events $7 sent $8 took $9 verdict $10 why $11 status $12 code $13 subcode $14 trace
insert into dispatch
  (tenant_id, dataset_id, id, seq_from, seq_to, events, sent_at, took_ms, verdict, why, status, code, subcode, trace_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
