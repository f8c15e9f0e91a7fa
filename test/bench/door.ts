import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import type { AnyConnector } from "../../core/connector.ts";
import { ingestRoutes } from "../../server/routes/ingest.ts";
import { webhook } from "../../server/routes/webhooks.ts";
import { createLimits } from "../../server/sign-in/limits.ts";
import { connectionsOfAccount } from "../../server/store/connections.ts";
import type { Store } from "../../server/store/open.ts";
import { quiet } from "./server.ts";
import { clock, keysTo } from "./workspace.ts";

export interface Door {
  readonly url: string;
  close(): Promise<void>;
}

/** Where CRMs ring and push: the server's own routes on a port of loopback. `wake`: something came in. */
export async function openDoor(store: Store, connector: AnyConnector, wake: () => void): Promise<Door> {
  const app = express();
  const { vault } = keysTo(store);
  const webhooks = {
    outbox: store.outbox,
    clock,
    log: quiet,
    publicUrl: () => "http://localhost",
    secrets: async () => [],
    connections: (name: string, accountId: string) => connectionsOfAccount(store.db, name, accountId),
    erase: async () => {},
    wake,
  };
  const limits = createLimits({ ingest: { points: 1_000_000_000, seconds: 60 } });
  const ingest = { store, vault, clock, limits, wake };
  for (const { method, path, handle } of [webhook(connector, webhooks), ...ingestRoutes(ingest)])
    app[method](path, ...[handle].flat());
  const server: HttpServer = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
