-- A page that brings nothing: how far reading has come, and which rings are answered. No row: the lease is lost.
-- $1 tenant $2 connection $3 token $4 rings answered up to $5 now $6 checkpoint
with held as (
  update lane set cursor_seq = greatest(cursor_seq, $4::bigint)
  where tenant_id = $1 and kind = 'read' and id = $2 and lease_token = $3::bigint and lease_until is not null
  returning id
), moved as (
  insert into checkpoint (tenant_id, connection_id, body, updated_at)
  select $1, $2, $6::text, $5::timestamptz from held where $6::text is not null
  on conflict (tenant_id, connection_id) do update set body = excluded.body, updated_at = excluded.updated_at
), answered as (
  delete from ring using held where tenant_id = $1 and connection_id = $2 and seq <= $4::bigint
)
select null::bigint as base from held
