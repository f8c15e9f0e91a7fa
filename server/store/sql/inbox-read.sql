-- $1 tenant $2 connection $3 after $4 limit
select seq, body from inbox
where tenant_id = $1 and connection_id = $2 and seq > $3::bigint and body is not null
order by seq limit $4
