import type { AnyConnector } from "../core/connector.ts";
import { http } from "./http/index.ts";
import { hubspot } from "./hubspot/index.ts";
import { salesforce } from "./salesforce/index.ts";

/** The only list. A connector is a folder, a line here, and a block in app.json. */
export const connectors: ReadonlyMap<string, AnyConnector> = new Map<string, AnyConnector>(
  [hubspot, salesforce, http].map((connector) => [connector.manifest.id, connector]),
);
