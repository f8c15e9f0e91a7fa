import type { Dispatcher } from "undici";
import type { Access, AnyConnector, Inbox } from "../../core/connector.ts";
import { Failure, isFailure } from "../../core/errors.ts";
import type { Clock, Log } from "../../core/ports.ts";
import type { Connection } from "../../core/types.ts";
import type { Pace } from "../network/pace.ts";
import { createFetch, isAllowed, type TransportOptions } from "../network/transport.ts";
import type { SecretPlace } from "../store/vault.ts";
import type { AppCredentials, Grant, TokenEndpoint } from "./grant.ts";
import type { Tokens } from "./tokens.ts";

export interface AccessParts {
  readonly agent: Dispatcher;
  readonly tokens: Tokens;
  /** One for the process: how often each tenant may call each vendor. */
  readonly pace: Pace;
  /** Our app at a vendor, by the connector's id; undefined where none is configured. */
  readonly app?: (provider: string) => AppCredentials | undefined;
  readonly clock: Clock;
  readonly log: Log;
  inbox(connection: Connection): Inbox;
  /** Where a connector's vendor is simulated, its usual origin first; absent in the real world. */
  readonly simulated?: Readonly<Partial<Record<string, string | readonly string[]>>>;
}

/** Where a connection's grant lies. */
export const grantOf = ({ tenantId, id }: Pick<Connection, "tenantId" | "id">): SecretPlace => ({
  tenantId,
  ownerId: id,
  kind: "grant",
});

/** What the account gave us; undefined where nothing is left, or nothing that can be opened. */
export async function findGrant(
  connection: Pick<Connection, "tenantId" | "id">,
  tokens: Pick<Tokens, "load">,
): Promise<Grant | undefined> {
  try {
    return await tokens.load(grantOf(connection));
  } catch (error) {
    if (isFailure(error, "crm_disconnected", "secret_unreadable")) return undefined;
    throw error;
  }
}

/** What a connector is given to reach this account, and nothing beside it. */
export async function createAccess(
  connection: Connection,
  connector: AnyConnector,
  parts: AccessParts,
): Promise<Access<unknown>> {
  const { agent, tokens, clock, log } = parts;
  const { manifest } = connector;
  const common = {
    tenantId: connection.tenantId,
    connectionId: connection.id,
    accountId: connection.accountId,
    config: connector.config.parse(connection.config),
    clock,
    log,
  };
  if (manifest.auth === "signed_http")
    return {
      ...common,
      baseUrl: "",
      fetch: () => Promise.reject(new Failure("host_not_allowed", "this connector calls nobody")),
      token: () => Promise.reject(new Failure("crm_disconnected", "this connector has no token")),
      inbox: parts.inbox(connection),
    };
  const { place, baseUrl, reachable, endpoint } = await reach(connection, manifest, parts);
  const open = createFetch(agent, { ...reachable, timeoutMs: 30_000, maxBytes: 25_000_000 });
  const turn = { tenantId: connection.tenantId, vendor: manifest.id, connectionId: connection.id };
  const fetch = parts.pace.paced(open, manifest.limits.requestsPerSecond, turn);
  let given: string | undefined;
  return {
    ...common,
    baseUrl,
    async fetch(request) {
      const answer = await fetch(request);
      // A late refusal of the token before this one says nothing about it.
      if (answer.status === 401 && given && Object.values(request.headers).includes(`Bearer ${given}`))
        tokens.spoil(place, given);
      return answer;
    },
    async token() {
      given = await tokens.accessToken(place, endpoint);
      return given;
    },
  };
}

interface Reach {
  readonly place: SecretPlace;
  /** Origin of the account's API. */
  readonly baseUrl: string;
  /** Where the account's API may be called. */
  readonly reachable: Pick<TransportOptions, "hosts" | "trustedOrigins">;
  readonly endpoint: TokenEndpoint;
}

/** Where an account that let us in by OAuth is, and where its access is renewed. Both are the vendor's own hosts only. */
export async function reach(
  connection: Pick<Connection, "tenantId" | "id">,
  { id, origin, hosts, tokenPath = "" }: AnyConnector["manifest"],
  { agent, tokens, app, simulated: sandbox }: Pick<AccessParts, "agent" | "tokens" | "app" | "simulated">,
): Promise<Reach> {
  const place = grantOf(connection);
  const simulated = sandbox?.[id] === undefined ? undefined : [sandbox[id]].flat();
  const { apiUrl } = await tokens.load(place);
  const baseUrl = simulated ? (simulated.find((own) => own === apiUrl) ?? simulated[0]) : (apiUrl ?? origin);
  if (!baseUrl) throw new Failure("crm_disconnected", "nobody said where this account is");
  const trusted = simulated === undefined ? {} : { trustedOrigins: simulated };
  const reachable = { hosts: hosts.api, ...trusted };
  const credentials = app?.(id);
  return {
    place,
    baseUrl,
    reachable,
    endpoint: {
      url: `${baseUrl}${tokenPath}`,
      // Given up well before another may renew: a refresh token that changes must never be used twice.
      fetch: createFetch(agent, { hosts: hosts.token, ...trusted, timeoutMs: 20_000, maxBytes: 1_000_000 }),
      mayBeApi: (url) => isAllowed(url, reachable),
      ...(credentials && { app: credentials }),
    },
  };
}
