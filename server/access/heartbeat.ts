import type { AnyConnector } from "../../core/connector.ts";
import { isFailure } from "../../core/errors.ts";
import { pauseLane } from "../store/lanes.ts";
import type { Store } from "../store/open.ts";
import { type QuietGrant, quietGrants } from "../store/quiet-grants.ts";
import { type AccessParts, reach } from "./access.ts";

export interface HeartbeatParts {
  readonly store: Pick<Store, "db">;
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly access: AccessParts;
}

/** Salesforce voids a refresh token of a partner's app that nobody used for 30 days: enough for many more tries. */
const quietMs = 7 * 86_400_000;
const perTurn = 100;

/**
 * Renews the grants that nobody has renewed for a week: of connections that are paused, and of those whose access token
 * happens to live on. Run every six hours, page by page; answers "more" where there is another page. A grant that turns out
 * to be dead pauses its connection at once, rather than on the day when somebody resumes it.
 */
export function keepAlive({ store: { db }, connectors, access }: HeartbeatParts) {
  let after: QuietGrant | undefined;
  return async (now: Date): Promise<"more" | undefined> => {
    const before = new Date(now.getTime() - quietMs);
    const page = await quietGrants(db, { before, after, limit: perTurn });
    for (const quiet of page) {
      after = quiet;
      await renewQuiet(quiet);
    }
    if (page.length === perTurn) return "more";
    after = undefined;
    return undefined;
  };

  async function renewQuiet({ tenantId, connectionId: id, connector }: QuietGrant): Promise<void> {
    const { tokens, log } = access;
    const manifest = connectors.get(connector)?.manifest;
    if (manifest?.auth !== "oauth") return;
    try {
      const { place, endpoint } = await reach({ tenantId, id }, manifest, access);
      const grant = await tokens.load(place);
      if (grant.type !== "refresh_token") return; // the others do not die of silence
      if (grant.accessToken !== undefined) tokens.spoil(place, grant.accessToken);
      await tokens.accessToken(place, endpoint);
    } catch (error) {
      if (!isFailure(error) || error.code === "store_unavailable") throw error;
      log.warn("Could not renew a quiet connection", { tenant: tenantId, connection: id, code: error.code });
      if (error.code === "crm_disconnected") await pauseLane(db, { tenantId, kind: "read", id }, error.code);
    }
  }
}
