-- $1 tenant $2 connection $3 limit
select object, record_id, seq from ring where tenant_id = $1 and connection_id = $2 order by seq limit $3
