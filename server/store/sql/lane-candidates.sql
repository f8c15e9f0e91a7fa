-- No locks; each is then claimed by its key. $1 kind $2 now $3 limit
select tenant_id, id from lane
where kind = $1 and due_at <= $2::timestamptz and (lease_until is null or lease_until <= $2::timestamptz)
order by due_at limit $3
