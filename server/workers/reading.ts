import type { AnyConnector } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import { type IngestPorts, ingest, type Source } from "../../core/ingest.ts";
import { indexMapping, suggest } from "../../core/mapping.ts";
import type { Lease } from "../../core/outbox.ts";
import type { Connection, ConnectionId, StageMapping } from "../../core/types.ts";
import { type AccessParts, createAccess } from "../access/access.ts";
import { findConnection } from "../store/connections.ts";
import { findMapping, saveMapping } from "../store/mappings.ts";
import type { Store } from "../store/open.ts";
import { findTenant } from "../store/tenants.ts";

export interface ReadingParts extends IngestPorts {
  readonly store: Store;
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly access: AccessParts;
  /** Overrides every connector's own pace; for simulated vendors. */
  readonly pollEveryMs?: number;
  /** Something was kept: look for deliveries. */
  readonly wakeSender: () => void;
}

/** What a worker does with the lane of a connection. */
export const reading = (parts: ReadingParts) => async (lease: Lease) => {
  const source = await sourceOf(lease, parts).catch(async (error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    await giveBack(lease, error, parts);
  });
  if (!source) return;
  await ingest(lease, source, parts);
  parts.wakeSender();
};

async function sourceOf(lease: Lease, parts: ReadingParts): Promise<Source> {
  const { db } = parts.store;
  const connection = await findConnection(db, lease.tenantId, lease.id as ConnectionId);
  const tenant = await findTenant(db, lease.tenantId);
  const connector = connection && parts.connectors.get(connection.connector);
  if (!connection || !tenant || !connector) throw new Failure("not_found", `connection ${lease.id}`);
  const access = await createAccess(connection, connector, parts.access);
  const saved = await findMapping(db, connection.tenantId, connection.id);
  const mapping = saved?.mapping ?? (await firstMapping(connection, connector, access, parts));
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
    pollEveryMs: parts.pollEveryMs ?? connector.manifest.limits.pollEveryMs,
  };
}

/** A connection that nobody has mapped yet starts with the suggestion for the pipelines it has. */
async function firstMapping(
  { tenantId, id }: Connection,
  connector: AnyConnector,
  access: Source["access"],
  { store, clock, log }: ReadingParts,
): Promise<StageMapping> {
  const suggestion = suggest(await connector.pipelines(access));
  log.info(
    `Mapped ${suggestion.rules.filter(({ send }) => send).length} stages of ${connector.manifest.crmName} by their names`,
    {
      connection: id,
    },
  );
  return await saveMapping(
    store.db,
    tenantId,
    id,
    { from: 0, mapping: suggestion, savedBy: "suggestion" },
    clock.now(),
  );
}

/** The source could not even be put together: what `ingest` does with a failure, with less to say. */
async function giveBack(lease: Lease, failure: Failure, { outbox, clock, log }: ReadingParts): Promise<void> {
  const attempts = lease.attempts + 1;
  log.warn(`Reading waits: ${failure.message}`, { connection: lease.id, code: failure.code });
  const paused = failure.code === "crm_disconnected" ? ({ paused: failure.code } as const) : {};
  const dueAt = failure.retryAt ?? new Date(clock.now().getTime() + Math.min(900_000, 2_000 * 2 ** attempts));
  await outbox.release(lease, { dueAt, attempts, why: failure.code, ...paused }, clock.now());
}
