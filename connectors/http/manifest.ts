import type { Manifest } from "../../core/connector.ts";

export const manifest: Manifest = {
  id: "http",
  crmName: "In-house CRM",
  auth: "signed_http",
  scopes: [],
  hosts: { api: [], token: [] },
  // A push makes the connection due at once; the poll is for what a stopped process left behind.
  limits: { pollEveryMs: 60_000, requestsPerSecond: 1 },
  can: { history: "none", push: true, backfill: false },
};
