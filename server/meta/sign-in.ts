import { z } from "zod";
import { Failure } from "../../core/errors.ts";
import type { Graph, Refusal } from "./graph.ts";
import { kindOf } from "./graph.ts";
import type { MetaLogin } from "./login.ts";
import type { MetaApp } from "./parts.ts";
import { tokenFacts } from "./token-facts.ts";

/** Without the first no business can be asked for its datasets; of the others one is needed, to see and to use them. */
const needed = { every: "business_management", oneOf: ["ads_read", "ads_management"] };

/** Facebook Login for Business: with a configuration id, and answered by a code (Meta, "Facebook Login for Business"). */
export function dialogUrl(
  { id, loginConfigId, dialogOrigin }: MetaApp,
  { version, redirectUri, state }: { readonly version: string; readonly redirectUri: string; readonly state: string },
): string {
  const query = new URLSearchParams({
    client_id: id,
    redirect_uri: redirectUri,
    state,
    config_id: loginConfigId,
    response_type: "code",
    override_default_response_type: "true",
  });
  return `${dialogOrigin}/${version}/dialog/oauth?${query}`;
}

const Token = z.looseObject({ access_token: z.string().min(1) });

/** What Meta's own app bearer is: only to ask about tokens of this app. */
export const appBearer = ({ id, secret }: Pick<MetaApp, "id" | "secret">) => ({ token: `${id}|${secret}` });

/**
 * Exchanges the code, and finds out what was granted and by which business.
 *
 * @throws Failure `meta_login`; network codes when Meta is not reached
 */
export async function acceptCode(
  graph: Graph,
  app: MetaApp,
  { code, redirectUri }: { readonly code: string; readonly redirectUri: string },
): Promise<Omit<MetaLogin, "at">> {
  const exchange = { client_id: app.id, client_secret: app.secret, redirect_uri: redirectUri, code };
  const exchanged = await graph.post("oauth/access_token", exchange, undefined, Token);
  if (exchanged.refused) throw refused("the code was refused", exchanged.refused);
  const token = exchanged.told.access_token;
  const asked = await tokenFacts(graph, token, appBearer(app));
  if (asked.refused) throw refused("the token could not be looked at", asked.refused);
  const { valid, appId, userId, type, scopes } = asked.told;
  if (!valid || appId !== app.id || userId === undefined)
    throw new Failure("meta_login", "the token is not one of this app's");
  if (!scopes.includes(needed.every) || !needed.oneOf.some((scope) => scopes.includes(scope)))
    throw new Failure("meta_login", `${needed.every} and ${needed.oneOf.join(" or ")} are needed`);
  const businessId = await clientBusiness(graph, { token, appSecret: app.secret });
  return { token, type, userId, scopes: [...scopes], ...(businessId !== undefined && { businessId }) };
}

/** A plain person's token has none; Meta then answers 190, although the token is good. */
async function clientBusiness(graph: Graph, by: { token: string; appSecret: string }): Promise<string | undefined> {
  const me = z.looseObject({ client_business_id: z.string().regex(/^\d+$/).optional() });
  const asked = await graph.get("me", { fields: "client_business_id" }, by, me);
  return asked.told?.client_business_id;
}

/** In our words and Meta's numbers: Meta's own words may echo what was sent. */
export function refused(what: string, refusal: Refusal): Failure {
  const { status, code, subcode } = refusal;
  if (kindOf(refusal) === "busy") return new Failure("network_no_answer", "Meta");
  return new Failure("meta_login", `${what} (${[status, code, subcode].filter((n) => n !== undefined).join("/")})`);
}
