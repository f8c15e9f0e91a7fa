import type { Pool } from "pg";
import type { Outbox } from "../../../core/outbox.ts";
import { textArray } from "../array.ts";
import { gather } from "../gather.ts";
import { statement } from "../statements.ts";
import { query } from "../transact.ts";

const select = statement("checkpoint-read");

interface Asked {
  readonly tenantId: string;
  readonly connectionId: string;
}

export function checkpoint(pool: Pool): Outbox["checkpoint"] {
  const ask = gather(async (asked: readonly Asked[]): Promise<readonly (string | undefined)[]> => {
    const tenants = textArray(asked.map(({ tenantId }) => tenantId));
    const connections = textArray(asked.map(({ connectionId }) => connectionId));
    const { rows } = await query(pool, [select, tenants, connections]);
    const bodies = new Map(rows.map(({ n, body }) => [n, body]));
    return asked.map((_, n) => bodies.get(n + 1));
  });
  return async (tenantId, connectionId) => {
    const body = await ask({ tenantId, connectionId });
    return body && JSON.parse(body);
  };
}
