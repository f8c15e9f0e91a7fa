-- A record that was rung again while it was looked at has a higher number by now and stays. $1 tenant $2 connection $3 up to
delete from ring where tenant_id = $1 and connection_id = $2 and seq <= $3::bigint
