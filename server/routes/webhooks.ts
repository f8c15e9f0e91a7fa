import { raw } from "express";
import type { AnyConnector } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { Outbox } from "../../core/outbox.ts";
import type { Clock, Log } from "../../core/ports.ts";
import type { ConnectionId, RecordRef, TenantId } from "../../core/types.ts";
import type { Route } from "./route.ts";

export interface WebhookParts {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: Log;
  /** The address that vendors know us by; signatures cover it, so no header may change it. */
  publicUrl(): string;
  /** Current and previous signing secret of a connector's app. */
  secrets(connector: string): Promise<readonly string[]>;
  /** Every tenant's connection to this account. */
  connections(connector: string, accountId: string): Promise<readonly { tenantId: TenantId; id: ConnectionId }[]>;
  /** Notes durably that the person behind the record is to be erased. */
  erase(tenantId: TenantId, connectionId: ConnectionId, record: RecordRef, vendor: string): Promise<unknown>;
  /** Rings were stored: look soon. */
  wake(): void;
}

/** A vendor's webhook: verified over its raw bytes, stored durably, answered at once. What happened is read later. */
export function webhook(connector: AnyConnector, parts: WebhookParts): Route {
  const { id } = connector.manifest;
  const path = `/webhooks/${id}`;
  return {
    method: "post",
    path,
    who: "vendor",
    handle: [
      raw({ type: () => true, limit: "1mb", inflate: false }),
      async (request, response) => {
        if (!connector.doorbell) throw new Failure("not_found", path);
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const received = {
          method: "POST",
          url: `${parts.publicUrl()}${path}`,
          headers: flat(request.headers),
          body,
          receivedAt: parts.clock.now(),
        };
        const rings = connector.doorbell.verify(received, await parts.secrets(id));
        for (const [accountId, ofAccount] of Map.groupBy(rings, (ring) => ring.accountId)) {
          const erased = ofAccount.filter(({ erase }) => erase).flatMap(({ record }) => record ?? []);
          const records = ofAccount.flatMap(({ record, erase }): RecordRef[] => (record && !erase ? [record] : []));
          for (const { tenantId, id: connectionId } of await parts.connections(id, accountId)) {
            if (records.length > 0) await parts.outbox.ring(tenantId, connectionId, records, parts.clock.now());
            for (const record of erased) await parts.erase(tenantId, connectionId, record, id);
            if (ofAccount.some(({ record }) => !record))
              await parts.outbox.ring(tenantId, connectionId, "all", parts.clock.now());
          }
        }
        response.status(204).end();
        parts.wake();
      },
    ],
  };
}

export const flat = (headers: NodeJS.Dict<string | string[]>): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value]),
  );
