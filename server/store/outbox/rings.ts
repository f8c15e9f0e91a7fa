import type { Pool } from "pg";
import { recordKey } from "../../../core/connector.ts";
import { Failure } from "../../../core/errors.ts";
import type { Outbox, RingBatch } from "../../../core/outbox.ts";
import type { RecordRef } from "../../../core/types.ts";
import { plainArray, textArray, timeArray } from "../array.ts";
import { gather } from "../gather.ts";
import { statement } from "../statements.ts";
import { query } from "../transact.ts";

const insertRings = statement("ring");
const list = statement("ring-list");

/** Stands for the whole account. */
const everything: RecordRef = { object: "", id: "" };

interface Lane {
  readonly tenantId: string;
  readonly connectionId: string;
}
const tenants = (lanes: readonly Lane[]) => textArray(lanes.map(({ tenantId }) => tenantId));
const connections = (lanes: readonly Lane[]) => textArray(lanes.map(({ connectionId }) => connectionId));

interface Rung extends Lane {
  readonly records: readonly RecordRef[];
  readonly now: Date;
}

export function ring(pool: Pool): Outbox["ring"] {
  const keep = gather((rung: readonly Rung[]) => keepRings(pool, rung), {
    most: 1_000,
    weigh: ({ records }) => records.length,
    rows: ({ tenantId, connectionId }) => [`${tenantId} ${connectionId}`],
  });
  return async (tenantId, connectionId, records, now) => {
    const rung =
      records === "all" ? [everything] : [...new Map(records.map((record) => [recordKey(record), record])).values()];
    if (rung.length === 0) return;
    if (!(await keep({ tenantId, connectionId, records: rung, now })))
      throw new Failure("not_found", `connection ${connectionId}`);
  };
}

/** Which of them are there to be rung. */
async function keepRings(pool: Pool, rung: readonly Rung[]): Promise<readonly boolean[]> {
  const all = rung.flatMap(({ records }, n) => records.map(({ object, id }, nth) => ({ n: n + 1, object, id, nth })));
  const { rows } = await query(pool, [
    insertRings,
    tenants(rung),
    connections(rung),
    plainArray(rung.map(({ records }) => records.length)),
    timeArray(rung.map(({ now }) => now)),
    plainArray(all.map(({ n }) => n)),
    textArray(all.map(({ object }) => object)),
    textArray(all.map(({ id }) => id)),
    plainArray(all.map(({ nth }) => nth)),
  ]);
  const there = new Set(rows.map(({ n }) => n));
  return rung.map((_, n) => there.has(n + 1));
}

interface Asked extends Lane {
  readonly limit: number;
}

export function rings(pool: Pool): Outbox["rings"] {
  const ask = gather((asked: readonly Asked[]) => listRings(pool, asked));
  return (tenantId, connectionId, limit) => ask({ tenantId, connectionId, limit });
}

interface Row {
  readonly n: number;
  readonly next_seq: number;
  readonly object: string;
  readonly record_id: string;
  readonly seq: number | null;
}

async function listRings(pool: Pool, asked: readonly Asked[]): Promise<readonly RingBatch[]> {
  const limits = plainArray(asked.map(({ limit }) => limit));
  const { rows } = await query(pool, [list, tenants(asked), connections(asked), limits]);
  const of = Map.groupBy(rows as readonly Row[], ({ n }) => n);
  return asked.map(({ limit }, n) => batchOf(of.get(n + 1) ?? [], limit));
}

function batchOf(rows: readonly Row[], limit: number): RingBatch {
  const rung = rows.filter(({ seq }) => seq !== null);
  const last = rung.at(-1)?.seq ?? 0;
  return {
    records: rung.filter(({ object }) => object !== "").map(({ object, record_id }) => ({ object, id: record_id })),
    all: rung.some(({ object }) => object === ""),
    upTo: rung.length === limit ? last : Math.max(last, (rows[0]?.next_seq ?? 1) - 1),
  };
}
