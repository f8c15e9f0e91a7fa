import type { Pool } from "pg";
import { recordKey } from "../../../core/connector.ts";
import { Failure } from "../../../core/errors.ts";
import type { Outbox } from "../../../core/outbox.ts";
import type { RecordRef } from "../../../core/types.ts";
import { statement } from "../statements.ts";
import { query } from "../transact.ts";

const insertRings = statement("ring");
const list = statement("ring-list");

/** Stands for the whole account. */
const everything: RecordRef = { object: "", id: "" };

export function ring(pool: Pool): Outbox["ring"] {
  return async (tenantId, connectionId, records, now) => {
    const rung =
      records === "all" ? [everything] : [...new Map(records.map((record) => [recordKey(record), record])).values()];
    if (rung.length === 0) return;
    const objects = rung.map(({ object }) => object);
    const ids = rung.map(({ id }) => id);
    const { rowCount } = await query(pool, [insertRings, tenantId, connectionId, rung.length, objects, ids, now]);
    if (rowCount === 0) throw new Failure("not_found", `connection ${connectionId}`);
  };
}

export function rings(pool: Pool): Outbox["rings"] {
  return async (tenantId, connectionId, limit) => {
    const { rows } = await query(pool, [list, tenantId, connectionId, limit]);
    const rung: readonly Rung[] = rows.filter(({ seq }) => seq !== null);
    const last = rung.at(-1)?.seq ?? 0;
    return {
      records: rung.filter(({ object }) => object !== "").map(({ object, record_id }) => ({ object, id: record_id })),
      all: rung.some(({ object }) => object === ""),
      upTo: rung.length === limit ? last : Math.max(last, (rows[0]?.next_seq ?? 1) - 1),
    };
  };
}

interface Rung {
  readonly object: string;
  readonly record_id: string;
  readonly seq: number;
}
