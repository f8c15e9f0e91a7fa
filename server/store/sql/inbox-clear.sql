-- Whoever reads on after a number has settled what lies before it. $1 tenant $2 connection $3 settled up to
update inbox set body = null
where tenant_id = $1 and connection_id = $2 and seq <= $3::bigint and body is not null
