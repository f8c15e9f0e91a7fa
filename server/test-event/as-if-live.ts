import { type Explanation, explain } from "../../core/explain.ts";
import type { Source } from "../../core/ingest.ts";
import type { ConnectionId, RecordRef, TenantId } from "../../core/types.ts";
import { createSource } from "../access/source.ts";
import type { ApiParts } from "../routes/api-route.ts";
import { explainPorts } from "../routes/explain.ts";

/** What would be sent for a record if its account were live, made by the same path as the event that really leaves. */
export interface AsIfLive {
  readonly source: Source;
  readonly explanation: Explanation;
  /** It is not live, or has no dataset yet: the rules answered as if it had been live from ever. */
  readonly asIf: boolean;
}

/** @throws Failure `not_found`, and what stands in the way of the CRM */
export async function explainAsIfLive(
  tenantId: TenantId,
  connectionId: ConnectionId,
  record: RecordRef,
  parts: ApiParts,
): Promise<AsIfLive> {
  const source = await createSource(tenantId, connectionId, { ...parts, lookOnly: true });
  const asIf = source.setting.connection.sendFrom === undefined;
  const live: Source = asIf
    ? { ...source, setting: { ...source.setting, connection: { id: connectionId, sendFrom: new Date(0) } } }
    : source;
  const explanation = await explain(record, live, explainPorts(tenantId, connectionId, parts));
  return { source: live, explanation, asIf };
}
