import * as oauth from "oauth4webapi";
import type { AnyConnector, Identity, TokenAnswer } from "../../core/connector.ts";
import { Failure, isFailure } from "../../core/errors.ts";
import type { Fetch } from "../../core/ports.ts";
import type { AccessParts } from "../access/access.ts";
import type { AppCredentials } from "../access/grant.ts";
import { createFetch } from "../network/transport.ts";
import { exchangeFailure, responseFailure } from "./oauth-failure.ts";
import { oauthOf, type Place } from "./places.ts";

/** One vendor's authorization server at one place of sign-in, as our app meets it. */
export interface Vendor {
  /** The consent page. `challenge`: of the PKCE verifier, S256. */
  consentUrl(asked: { readonly redirectUri: string; readonly state: string; readonly challenge: string }): string;
  /**
   * Redeems the code that came back. `state` and `verifier`: as minted for this consent; absent only where the vendor's own
   * marketplace began.
   */
  redeem(
    back: URLSearchParams,
    minted: { readonly redirectUri: string; readonly state?: string; readonly verifier?: string },
  ): Promise<TokenAnswer>;
  identify(answer: TokenAnswer): Promise<Identity>;
  /** The refresh token opens nothing from now on. */
  revoke(refreshToken: string): Promise<void>;
}

/** @throws Failure `app_credentials` when our app at this vendor is not configured */
export function openVendor(
  connector: AnyConnector,
  place: Place,
  { agent, app: appOf }: Pick<AccessParts, "agent" | "app">,
): Vendor {
  const { manifest } = connector;
  const app = appOf?.(manifest.id);
  if (!app) throw new Failure("app_credentials", `no app is configured for ${manifest.crmName}`);
  const server: oauth.AuthorizationServer = {
    issuer: place.origin,
    authorization_endpoint: place.authorizeUrl,
    token_endpoint: place.tokenUrl,
    revocation_endpoint: place.revokeUrl,
  };
  const client: oauth.Client = { client_id: app.clientId };
  const secret = oauth.ClientSecretPost(app.clientSecret);
  const network = { trustedOrigins: place.trusted, timeoutMs: 20_000, maxBytes: 1_000_000 };
  const options = {
    [oauth.customFetch]: asWebFetch(createFetch(agent, { ...network, hosts: manifest.hosts.token })),
    // Only simulated vendors speak plain http; the transport lets nobody else.
    ...(place.trusted.length > 0 && { [oauth.allowInsecureRequests]: true }),
  };
  return {
    consentUrl: ({ redirectUri, state, challenge }) =>
      `${place.authorizeUrl}?${query({
        response_type: "code",
        client_id: app.clientId,
        redirect_uri: redirectUri,
        ...scopes(connector),
        state,
        code_challenge: challenge,
        code_challenge_method: "S256",
      })}`,

    async redeem(back, { redirectUri, state, verifier }) {
      let params: URLSearchParams;
      try {
        params = oauth.validateAuthResponse(server, client, back, state ?? oauth.expectNoState);
      } catch (error) {
        throw responseFailure(error);
      }
      try {
        const pkce = verifier ?? oauth.nopkce;
        const answer = await oauth.authorizationCodeGrantRequest(
          server,
          client,
          secret,
          params,
          redirectUri,
          pkce,
          options,
        );
        return await oauth.processAuthorizationCodeResponse(server, client, answer);
      } catch (error) {
        throw isFailure(error) ? error : exchangeFailure(error);
      }
    },

    identify: (answer) =>
      identify(connector, answer, place, app, createFetch(agent, { ...network, hosts: everyHost(connector) })),

    async revoke(refreshToken) {
      const hint = { additionalParameters: { token_type_hint: "refresh_token" } };
      const answer = await oauth.revocationRequest(server, client, secret, refreshToken, { ...options, ...hint });
      if (answer.status === 200) return;
      // Some vendors refuse to revoke what they no longer know (RFC 7009 section 2.2 would have them agree).
      const away = answer.status >= 500 || answer.status === 429;
      throw new Failure(away ? "crm_unavailable" : "crm_disconnected", `revocation answered ${answer.status}`);
    },
  };
}

async function identify(
  connector: AnyConnector,
  answer: TokenAnswer,
  { origin, apiOrigin }: Place,
  { clientId, clientSecret }: AppCredentials,
  fetch: Fetch,
): Promise<Identity> {
  if (!connector.identify) throw new Failure("not_found", connector.manifest.id);
  return await connector.identify(answer, {
    fetch,
    origin,
    ...(apiOrigin !== undefined && { apiOrigin }),
    clientId,
    clientSecret,
  });
}

const everyHost = ({ manifest: { hosts } }: AnyConnector): readonly RegExp[] => [...hosts.api, ...hosts.token];

/** Least: what is required, and what may be left out only where the vendor lets people leave it out. */
function scopes(connector: AnyConnector): Readonly<Record<string, string>> {
  const { optionalScopes } = oauthOf(connector);
  const wanted = connector.manifest.scopes;
  const named = (some: typeof wanted): string => some.map(({ scope }) => scope).join(" ");
  if (optionalScopes === undefined) return { scope: named(wanted) };
  const optional = named(wanted.filter(({ required }) => !required));
  return {
    scope: named(wanted.filter(({ required }) => required)),
    ...(optional && { [optionalScopes]: optional }),
  };
}

/** Spaces as `%20`: HubSpot does not take a plus for one. */
const query = (pairs: Readonly<Record<string, string>>): string =>
  Object.entries(pairs)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");

/**
 * Our transport under the library's requests. An id token is left out: its issuer may be the org's own host, and who it is
 * the connector asks the vendor itself.
 */
const asWebFetch =
  (fetch: Fetch) =>
  async (
    url: string,
    { method, headers, body }: oauth.CustomFetchOptions<"POST", URLSearchParams>,
  ): Promise<Response> => {
    const answer = await fetch({ method, url, headers, body: body.toString() });
    const bare = [204, 205, 304].includes(answer.status);
    return new Response(bare ? null : withoutIdToken(answer.text), {
      status: answer.status,
      headers: { "content-type": answer.headers["content-type"] ?? "" },
    });
  };

function withoutIdToken(text: string): string {
  try {
    const { id_token: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
    return JSON.stringify(rest);
  } catch {
    return text; // no JSON: the library says so
  }
}
