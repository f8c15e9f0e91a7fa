-- The oldest rings, and the counter of the same moment: whatever it has counted is in the list. $1 tenant $2 connection $3 limit
select l.next_seq, r.object, r.record_id, r.seq from lane l
left join lateral (
  select object, record_id, seq from ring where tenant_id = $1 and connection_id = $2 order by seq limit $3
) r on true
where l.tenant_id = $1 and l.kind = 'read' and l.id = $2
order by r.seq
