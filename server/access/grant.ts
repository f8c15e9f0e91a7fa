import { z } from "zod";
import { Failure } from "../../core/errors.ts";
import type { Fetch, HttpAnswer } from "../../core/ports.ts";

const place = {
  /** Origin of the account's API, where each account has its own. */
  apiUrl: z.url().optional(),
};

const accessToken = {
  accessToken: z.string().optional(),
  expiresAt: z.iso.datetime().optional(),
};
const refreshToken = z.string().min(1);

/** The id and secret with which an app names itself at the vendor. */
export interface AppCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}
/** An app that the customer made for us (bring your own): its credentials belong to the grant. */
const ownApp = { clientId: z.string(), clientSecret: z.string() };

/** What an account gave us, as it lies encrypted in the store. */
export const Grant = z.union([
  /** A token that does not run out: HubSpot's private apps. */
  z.object({ type: z.literal("static"), accessToken: z.string().min(1), ...place }),
  /** OAuth with a refresh token, which may change with every refresh. */
  z.object({ type: z.literal("refresh_token"), ...ownApp, refreshToken, ...accessToken, ...place }),
  /** The same of an install: it was given to our own app, whose credentials are configured and lie in no grant. */
  z.object({ type: z.literal("refresh_token"), client: z.literal("app"), refreshToken, ...accessToken, ...place }),
  /** The app acts for itself: Salesforce external client apps. */
  z.object({ type: z.literal("client_credentials"), ...ownApp, ...accessToken, ...place }),
]);
export type Grant = z.infer<typeof Grant>;
export type RenewableGrant = Exclude<Grant, { type: "static" }>;

/** Where and with what a grant is renewed. */
export interface TokenEndpoint {
  /** Absolute; fixed per vendor and place, never taken from an answer. */
  readonly url: string;
  /** Locked to the vendor's token hosts; gives up within 20 seconds. */
  readonly fetch: Fetch;
  /** Our app's credentials at this vendor, for grants that were given to it. */
  readonly app?: AppCredentials;
  /** Whether this may be the origin of the account's API. An answer that names another one is not believed. */
  mayBeApi(origin: string): boolean;
}

const Token = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  /** Seconds; Salesforce names none. */
  expires_in: z.number().positive().optional(),
  /** Salesforce: the org's own address, which may change. */
  instance_url: z.url().optional(),
});
const Refusal = z.looseObject({ error: z.string().catch(""), status: z.string().catch("") });

/**
 * Asks the vendor for a new access token (RFC 6749 sections 4.4 and 6). The answer holds the grant to store, with the new
 * refresh token where the vendor changed it.
 *
 * @throws Failure `crm_disconnected` when the grant is dead, `app_credentials` when it is our own id or secret that is
 *   refused, `crm_limit`, `crm_unavailable` or a network code for everything that may pass; only the first ends a connection
 */
export async function renew(grant: RenewableGrant, endpoint: TokenEndpoint, now: Date): Promise<RenewableGrant> {
  const { clientId, clientSecret } = credentials(grant, endpoint);
  const form = new URLSearchParams({ grant_type: grant.type, client_id: clientId, client_secret: clientSecret });
  if (grant.type === "refresh_token") form.set("refresh_token", grant.refreshToken);
  const answer = await endpoint.fetch({
    method: "POST",
    url: endpoint.url,
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body: form.toString(),
  });
  const body = json(answer.text);
  if (answer.status !== 200) throw refused(answer, body, now);
  const token = Token.safeParse(body);
  if (!token.success) throw new Failure("crm_unavailable", "the token endpoint answered in an unknown form");
  const {
    access_token: accessToken,
    refresh_token: refreshToken,
    expires_in: seconds,
    instance_url: instanceUrl,
  } = token.data;
  const { expiresAt: _, ...rest } = grant;
  const apiUrl = instanceUrl === undefined ? undefined : new URL(instanceUrl).origin;
  return {
    ...rest,
    accessToken,
    // A host that is not the vendor's is left out, not thrown at: the new refresh token beside it must not be lost.
    ...(apiUrl !== undefined && endpoint.mayBeApi(apiUrl) && { apiUrl }),
    ...(seconds !== undefined && { expiresAt: new Date(now.getTime() + seconds * 1000).toISOString() }),
    ...(rest.type === "refresh_token" && refreshToken && { refreshToken }),
  } as RenewableGrant;
}

/** @throws Failure `app_credentials` when the app that the grant was given to is not configured (any more) */
function credentials(grant: RenewableGrant, { app }: TokenEndpoint): AppCredentials {
  if (!("client" in grant)) return grant;
  if (!app) throw new Failure("app_credentials", "the app that was let in is not configured");
  return app;
}

/**
 * Only these end a connection: the vendor says that it does not know the grant (any more). HubSpot names a deleted portal by
 * `BAD_HUB`; every other refusal, known or not, may be our fault or pass.
 */
const dead = { errors: ["invalid_grant"], reasons: ["BAD_REFRESH_TOKEN", "BAD_HUB"] };
const ours = { errors: ["invalid_client", "invalid_client_id", "unauthorized_client"], reasons: /^BAD_CLIENT/ };

function refused({ status, headers }: HttpAnswer, body: unknown, now: Date): Failure {
  const { error = "", status: reason = "" } = Refusal.safeParse(body).data ?? {};
  if (ours.errors.includes(error) || ours.reasons.test(reason)) return new Failure("app_credentials", known(error));
  if (status === 400 && (dead.errors.includes(error) || dead.reasons.includes(reason)))
    return new Failure("crm_disconnected", known(error));
  const seconds = Number(headers["retry-after"]);
  const retryAt = seconds > 0 ? { retryAt: new Date(now.getTime() + seconds * 1000) } : {};
  // Salesforce: 3,600 sign-ins of one user in an hour.
  if (status === 429 || error === "rate_limit_exceeded") return new Failure("crm_limit", "the token endpoint", retryAt);
  return new Failure("crm_unavailable", `the token endpoint answered ${status}`, retryAt);
}

/** The vendor's words are not ours to repeat, unless they are the standard's. */
const known = (error: string): string =>
  [...dead.errors, ...ours.errors].includes(error) ? error : "the token endpoint refused";

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an HTML page of a proxy: judged by its status
  }
}
