-- $1 tenant $2 connection
select body from checkpoint where tenant_id = $1 and connection_id = $2
