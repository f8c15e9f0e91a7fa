-- $1 tenant $2 dataset
select from lane where tenant_id = $1 and kind = 'send' and id = $2
