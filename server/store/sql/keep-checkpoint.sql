-- $1 tenant $2 connection $3 body $4 now
insert into checkpoint (tenant_id, connection_id, body, updated_at) values ($1, $2, $3, $4::timestamptz)
on conflict (tenant_id, connection_id) do update set body = excluded.body, updated_at = excluded.updated_at
