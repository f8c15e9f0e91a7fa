-- Every arrival counts next_seq up on this very row, so none is overlooked. A reader's due time is its next poll, and what
-- arrived meanwhile comes before it; a sender that names a time has seen the head of its queue. Whoever waits for a reason
-- waits. What came for a dataset that was sent to a moment ago lingers. A pause from outside while we worked stays. Those that
-- are missing from the answer had lost their lease. Each lane is found by its key, in the order asked (`offset 0`).
-- $1 tenants[] $2 kinds[] $3 lanes[] $4 tokens[] $5 attempts[] $6 paused reasons[] $7 due[] $8 now[] $9 whys[]
-- $10 how long a dataset lingers, in milliseconds
update lane set
  lease_until = null,
  attempts = a.attempts,
  why = a.why,
  paused_reason = coalesce(a.paused, paused_reason),
  due_at = case
    when coalesce(a.paused, paused_reason) is not null then null
    when next_seq > cursor_seq + 1
      and (a.due is null or (lane.kind = 'read' and a.attempts = 0 and a.why is null)) then
        case when lane.kind = 'send' then least(greatest(a.now, moved_at + linger), a.now + linger) else a.now end
    else a.due
  end
from (
  select *, $10::int * interval '1 millisecond' as linger
  from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::int[], $6::text[], $7::timestamptz[], $8::timestamptz[],
      $9::text[]) with ordinality
    a (tenant_id, kind, id, token, attempts, paused, due, now, why, n)
  offset 0
) a
where lane.tenant_id = a.tenant_id and lane.kind = a.kind and lane.id = a.id and lease_token = a.token
  and lease_until is not null
returning a.n::int, due_at
