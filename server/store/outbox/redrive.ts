import type { Pool } from "pg";
import { Failure } from "../../../core/errors.ts";
import { limits } from "../../../core/meta/limits.ts";
import type { Outbox } from "../../../core/outbox.ts";
import { statement } from "../statements.ts";
import { transact } from "../transact.ts";
import { again } from "./again.ts";

const append = statement("lane-append");
const list = statement("redrive-list");
const mark = statement("redrive-mark");

export function redrive(pool: Pool): Outbox["redrive"] {
  return async (tenantId, datasetId, events, now) => {
    const lane = { tenantId, id: datasetId };
    const asked = [...new Map(events.map((event) => [event.seq, event])).values()];
    const earliest = new Date(now.getTime() - (limits.maxAgeMs - limits.ageMarginMs));
    const seqs = asked.map(({ seq }) => seq);
    let taken: typeof asked = [];
    await transact(
      pool,
      [
        [append, tenantId, datasetId, 0, now, null],
        [list, tenantId, datasetId, seqs, earliest],
      ],
      ([next, listed]) => {
        if (next?.rowCount === 0) throw new Failure("not_found", `dataset ${datasetId}`);
        const fit = new Set(listed?.rows.map(({ seq }) => seq));
        taken = asked.filter(({ seq }) => fit.has(seq));
        if (taken.length === 0) return [];
        const { base } = next?.rows[0] ?? {};
        return [
          ...again(lane, next?.rows[0], taken, false, now),
          [mark, tenantId, datasetId, taken.map(({ seq }) => seq), taken.map((_, n) => base + n)],
        ];
      },
    );
    return taken.map(({ seq }) => seq);
  };
}
