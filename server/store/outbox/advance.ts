import type { Pool } from "pg";
import { Failure } from "../../../core/errors.ts";
import type { DeadEvent, Dispatch, Lease, Outbox } from "../../../core/outbox.ts";
import { statement } from "../statements.ts";
import { type Query, transact } from "../transact.ts";

const fence = statement("advance-fence");
const insertDispatch = statement("advance-dispatch");
const insertDead = statement("advance-dead");

export function advance(pool: Pool): Outbox["advance"] {
  return async (lease, { cursor, dispatch, dead = [] }, now) => {
    const { tenantId, id, token } = lease;
    const acceptedAt = dispatch?.verdict === "accepted" ? dispatch.sentAt : null;
    await transact(pool, [[fence, tenantId, id, token, cursor ?? 0, dispatch ? 1 : 0, acceptedAt]], ([held]) => {
      if (held?.rowCount === 0) throw new Failure("lease_lost");
      const queries: Query[] = [];
      if (dispatch) queries.push(dispatchRow(lease, dispatch, held?.rows[0]?.dispatches));
      if (dead.length > 0) queries.push(deadRows(lease, dead, now));
      return queries;
    });
  };
}

function dispatchRow({ tenantId, id }: Lease, made: Dispatch, number: number): Query {
  const { seqFrom, seqTo, events, sentAt, verdict, why, status, code, subcode, traceId } = made;
  const tookMs = Math.round(made.tookMs);
  return [
    insertDispatch,
    tenantId,
    id,
    number,
    seqFrom,
    seqTo,
    events,
    sentAt,
    tookMs,
    verdict,
    why,
    status,
    code,
    subcode,
    traceId,
  ];
}

function deadRows({ tenantId, id }: Lease, dead: readonly DeadEvent[], now: Date): Query {
  return [
    insertDead,
    tenantId,
    id,
    now,
    dead.map(({ seq }) => seq),
    dead.map(({ reason }) => reason),
    dead.map(({ code }) => code),
    dead.map(({ subcode }) => subcode),
    dead.map(({ words }) => words),
    dead.map(({ traceId }) => traceId),
  ];
}
