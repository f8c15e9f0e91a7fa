import { Failure } from "../../core/errors.ts";
import { suggest } from "../../core/mapping.ts";
import { type MappingRow, rowsOf } from "../../core/mapping-rows.ts";
import type { Connection, ConnectionId, Pipeline, StageMapping, TenantId } from "../../core/types.ts";
import { findConnection } from "../store/connections.ts";
import { findMapping, type SavedMapping } from "../store/mappings.ts";
import type { Store } from "../store/open.ts";
import type { CrmAnswer } from "./ask-crm.ts";

/** The mapping of a connection beside what its CRM has. */
export interface Standing {
  readonly connection: Connection;
  readonly crm: CrmAnswer<readonly Pipeline[]>;
  /** Absent: nothing is saved yet. */
  readonly saved?: SavedMapping;
  /** The newest that is saved, else the suggestion as version 0. */
  readonly mapping: StageMapping;
  readonly rows: readonly MappingRow[];
}

/** @throws Failure `not_found` */
export async function standingOf(
  tenantId: TenantId,
  id: ConnectionId,
  { web }: Pick<Store, "web">,
  ask: (connection: Connection) => Promise<CrmAnswer<readonly Pipeline[]>>,
): Promise<Standing> {
  const connection = await web(tenantId, (trx) => findConnection(trx, tenantId, id));
  if (!connection) throw new Failure("not_found", `connection ${id}`);
  const crm = await ask(connection);
  const saved = await web(tenantId, (trx) => findMapping(trx, tenantId, id));
  const pipelines = "answer" in crm ? crm.answer : undefined;
  const mapping = saved?.mapping ?? { ...suggest(pipelines ?? []), version: 0 };
  return { connection, crm, ...(saved && { saved }), mapping, rows: rowsOf(pipelines, mapping) };
}
