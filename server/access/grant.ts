import { z } from "zod";
import { Failure } from "../../core/errors.ts";
import type { Fetch, HttpAnswer } from "../../core/ports.ts";

const place = {
  /** Origin of the account's API, where each account has its own. */
  apiUrl: z.url().optional(),
};

/** What an account gave us, as it lies encrypted in the store. */
export const Grant = z.discriminatedUnion("type", [
  /** A token that does not run out: HubSpot's private apps. */
  z.object({ type: z.literal("static"), accessToken: z.string().min(1), ...place }),
  /** OAuth with a refresh token, which may change with every refresh. */
  z.object({
    type: z.literal("refresh_token"),
    clientId: z.string(),
    clientSecret: z.string(),
    refreshToken: z.string().min(1),
    accessToken: z.string().optional(),
    expiresAt: z.iso.datetime().optional(),
    ...place,
  }),
  /** The app acts for itself: Salesforce external client apps. */
  z.object({
    type: z.literal("client_credentials"),
    clientId: z.string(),
    clientSecret: z.string(),
    accessToken: z.string().optional(),
    expiresAt: z.iso.datetime().optional(),
    ...place,
  }),
]);
export type Grant = z.infer<typeof Grant>;
export type RenewableGrant = Exclude<Grant, { type: "static" }>;

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
 *   refused, `crm_unavailable` or a network code for everything that may pass; only the first ends a connection
 */
export async function renew(grant: RenewableGrant, tokenUrl: string, fetch: Fetch, now: Date): Promise<RenewableGrant> {
  const form = new URLSearchParams({
    grant_type: grant.type,
    client_id: grant.clientId,
    client_secret: grant.clientSecret,
  });
  if (grant.type === "refresh_token") form.set("refresh_token", grant.refreshToken);
  const answer = await fetch({
    method: "POST",
    url: tokenUrl,
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
    instance_url: apiUrl,
  } = token.data;
  const { expiresAt: _, ...rest } = grant;
  return {
    ...rest,
    accessToken,
    ...(apiUrl !== undefined && { apiUrl: new URL(apiUrl).origin }),
    ...(seconds !== undefined && { expiresAt: new Date(now.getTime() + seconds * 1000).toISOString() }),
    ...(rest.type === "refresh_token" && refreshToken && { refreshToken }),
  } as RenewableGrant;
}

function refused({ status, headers }: HttpAnswer, body: unknown, now: Date): Failure {
  const { error = "", status: reason = "" } = Refusal.safeParse(body).data ?? {};
  if (["invalid_client", "invalid_client_id", "unauthorized_client"].includes(error) || reason.startsWith("BAD_CLIENT"))
    return new Failure("app_credentials", error || reason);
  if (status === 400 && (error === "invalid_grant" || reason === "BAD_HUB" || reason === "BAD_REFRESH_TOKEN"))
    return new Failure("crm_disconnected", error || reason);
  const seconds = Number(headers["retry-after"]);
  const retryAt = seconds > 0 ? { retryAt: new Date(now.getTime() + seconds * 1000) } : {};
  if (status === 429) return new Failure("crm_limit", "the token endpoint", retryAt);
  return new Failure("crm_unavailable", `the token endpoint answered ${status}`, retryAt);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an HTML page of a proxy: judged by its status
  }
}
