import { createServer, type Server } from "node:http";
import type { Express } from "express";

/**
 * Opens the port. Whoever sends slowly loses the connection: Node's own patience (60 s for headers, 300 s for a request, looked
 * at every 30 s) lets a few idle senders hold a server. Behind a proxy connections are kept, longer than the proxy keeps them.
 */
export function openDoor(app: Express, port: number, host: string): Server {
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16_384,
    },
    app,
  );
  server.maxConnections = 10_000;
  return server.listen(port, host);
}
