import type { AnyConnector } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { Source } from "../../core/ingest.ts";
import { indexMapping, suggest } from "../../core/mapping.ts";
import type { Clock, Log } from "../../core/ports.ts";
import type { Connection, ConnectionId, StageMapping, TenantId } from "../../core/types.ts";
import { saveMapping } from "../store/mappings.ts";
import type { Store } from "../store/open.ts";
import { type AccessParts, createAccess } from "./access.ts";

export interface SourceParts {
  readonly store: Pick<Store, "db" | "settings" | "erasedAmong">;
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly access: AccessParts;
  readonly clock: Clock;
  readonly log: Log;
  /** Overrides every connector's own pace; for simulated vendors. */
  readonly pollEveryMs?: number;
  /** Somebody only looks: a mapping that is not there yet is suggested and not saved. */
  readonly lookOnly?: boolean;
}

/**
 * One connection, ready to be read: with its connector, its access, its tenant's settings and its newest mapping.
 *
 * @throws Failure `not_found`, and whatever stands in the way of its access or, before it is mapped, of its pipelines
 */
export async function createSource(
  tenantId: TenantId,
  connectionId: ConnectionId,
  parts: SourceParts,
): Promise<Source> {
  const found = await parts.store.settings(tenantId, connectionId);
  const connector = found && parts.connectors.get(found.connection.connector);
  if (!found || !connector) throw new Failure("not_found", `connection ${connectionId}`);
  const { connection, tenant } = found;
  const access = await createAccess(connection, connector, parts.access);
  const mapping = found.mapping ?? (await firstMapping(connection, connector, access, parts));
  return {
    connector,
    access,
    connection,
    setting: {
      tenant,
      // Without a dataset nothing can be sent: it is as if nobody had gone live.
      connection: connection.datasetId ? connection : { id: connection.id },
      leadEventSource: connector.manifest.crmName,
      mapping: indexMapping(mapping),
    },
    erased: (records) => parts.store.erasedAmong(tenant, connectionId, records),
    pollEveryMs: parts.pollEveryMs ?? connector.manifest.limits.pollEveryMs,
  };
}

/** A connection that nobody has mapped yet starts with the suggestion for the pipelines it has. */
async function firstMapping(
  { tenantId, id }: Connection,
  connector: AnyConnector,
  access: Source["access"],
  { store, clock, log, lookOnly }: SourceParts,
): Promise<StageMapping> {
  const mapping = suggest(await connector.pipelines(access));
  if (lookOnly) return mapping;
  const sent = mapping.rules.filter(({ send }) => send).length;
  log.info(`Mapped ${sent} stages of ${connector.manifest.crmName} by their names`, { connection: id });
  return await saveMapping(store.db, tenantId, id, { from: 0, mapping, savedBy: "suggestion" }, clock.now());
}
