import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Identity, IdentityPorts, TokenAnswer } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import { askIdentity, identitySource, parseIdentity } from "../../core/identity.ts";
import { account } from "./account.ts";

/** Help, "OAuth 2.0 Web Server Flow": times are milliseconds as text; there is no `expires_in`. */
const tokenAnswer = z.looseObject({
  access_token: z.string().min(1),
  id: z.url(),
  issued_at: z.string().regex(/^\d{10,16}$/),
  signature: z.string().min(1),
  instance_url: z.url(),
  scope: z.string(),
});
const userinfo = z.looseObject({
  sub: z.string(),
  user_id: z.string(),
  organization_id: z.string(),
  name: z.string().max(200).nullish().catch(undefined),
  email: z.email().nullish().catch(undefined),
  active: z.boolean().optional(),
});
/** Organizations are 00D, users 005, ids of 18 characters. */
const identityPath = /^\/id\/(00D[A-Za-z0-9]{15})\/(005[A-Za-z0-9]{15})$/;

/**
 * Salesforce signs the identity URL with our own secret, tells the person at its userinfo endpoint and the org at the org's own
 * address. Where those addresses lead decides `ports.fetch`, before anything is sent to them.
 */
export async function identify(answer: TokenAnswer, ports: IdentityPorts): Promise<Identity> {
  const told = parseIdentity(tokenAnswer, answer, "token");
  if (!isSigned(told, ports.clientSecret)) throw new Failure("oauth_identity", "the signature is wrong");
  const identity = new URL(told.id);
  const [, orgId, userId] = identityPath.exec(identity.pathname) ?? [];
  if (!orgId || !userId || identity.search || identity.hash) throw new Failure("oauth_identity", "the identity URL");

  const scopes = told.scope.split(" ").filter(Boolean);
  const missing = ["api", "openid"].filter((scope) => !scopes.includes(scope));
  if (missing.length > 0) throw new Failure("oauth_scopes", missing.join(", ")); // nothing could be asked

  const salesforce = identitySource("Salesforce", ports.fetch);
  const headers = { authorization: `Bearer ${told.access_token}`, accept: "application/json" };
  const user = await askIdentity(
    salesforce,
    { method: "GET", url: `${identity.origin}/services/oauth2/userinfo`, headers },
    userinfo,
    "userinfo",
  );
  if (user.sub !== told.id || user.user_id !== userId || user.organization_id !== orgId || user.active === false)
    throw new Failure("oauth_identity", "Salesforce named two people");

  const apiUrl = new URL(told.instance_url).origin;
  const org = await account({
    accountId: orgId,
    baseUrl: apiUrl,
    fetch: salesforce.fetch,
    token: async () => told.access_token,
    clock: { now: () => new Date(Number(told.issued_at)) },
  });
  if (org.id !== orgId) throw new Failure("oauth_identity", "Salesforce named two orgs");
  return {
    account: org,
    apiUrl,
    person: {
      // A sandbox copies its users with their ids: only with their org they are somebody.
      issuer: `https://login.salesforce.com/id/${orgId}`,
      subject: userId,
      ...(user.name && { name: user.name }),
      ...(user.email && { mail: user.email }),
    },
    scopes,
  };
}

/** Base64 HMAC-SHA256 of identity URL and time, as they came, keyed with the app's secret. */
function isSigned({ id, issued_at, signature }: z.infer<typeof tokenAnswer>, secret: string): boolean {
  const right = createHmac("sha256", secret).update(`${id}${issued_at}`).digest();
  const given = Buffer.from(signature, "base64");
  return given.length === right.length && timingSafeEqual(given, right);
}
