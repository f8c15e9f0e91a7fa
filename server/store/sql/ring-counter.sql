-- What has arrived so far. $1 tenant $2 connection
select next_seq from lane where tenant_id = $1 and kind = 'read' and id = $2
