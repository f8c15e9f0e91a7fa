import type { Dispatcher } from "undici";
import type { Access, AnyConnector, Inbox } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { Clock, Log } from "../../core/ports.ts";
import type { Connection } from "../../core/types.ts";
import { paced } from "../network/pace.ts";
import { createFetch } from "../network/transport.ts";
import type { SecretPlace } from "../store/vault.ts";
import type { Tokens } from "./tokens.ts";

export interface AccessParts {
  readonly agent: Dispatcher;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly log: Log;
  inbox(connection: Connection): Inbox;
  /** Where a connector's vendor is simulated; absent in the real world. */
  readonly simulated?: Readonly<Partial<Record<string, string>>>;
}

/** Where a connection's grant lies. */
export const grantOf = ({ tenantId, id }: Pick<Connection, "tenantId" | "id">): SecretPlace => ({
  tenantId,
  ownerId: id,
  kind: "grant",
});

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
  const place = grantOf(connection);
  const simulated = parts.simulated?.[manifest.id];
  const baseUrl = simulated ?? (await tokens.load(place)).apiUrl ?? manifest.origin;
  if (!baseUrl) throw new Failure("crm_disconnected", "nobody said where this account is");
  const network = { ...(simulated && { trustedOrigins: [simulated] }), timeoutMs: 30_000, maxBytes: 25_000_000 };
  const fetch = paced(createFetch(agent, { ...network, hosts: manifest.hosts.api }), manifest.limits.requestsPerSecond);
  // Given up well before another may renew: a refresh token that changes must never be used twice.
  const tokenFetch = createFetch(agent, { ...network, timeoutMs: 20_000, hosts: manifest.hosts.token });
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
      given = await tokens.accessToken(place, `${baseUrl}${manifest.tokenPath ?? ""}`, tokenFetch);
      return given;
    },
  };
}
