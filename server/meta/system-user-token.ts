import { z } from "zod";
import { type Bearer, type Graph, kindOf } from "./graph.ts";
import { refused } from "./sign-in.ts";

const Token = z.looseObject({ access_token: z.string().min(1) });

/**
 * The token with which the business lets our app act for it, whoever of its people comes and goes: the one that is there, else
 * a new one for this dataset (Business, "System User Access Tokens"; needs business_management).
 *
 * @throws Failure `meta_login`
 */
export async function systemUserToken(
  graph: Graph,
  {
    businessId,
    metaId,
    scopes,
  }: { readonly businessId: string; readonly metaId: string; readonly scopes: readonly string[] },
  by: Bearer,
): Promise<string> {
  const path = `${businessId}/system_user_access_tokens`;
  const there = await graph.post(path, { fetch_only: "true" }, by, Token.partial());
  if (there.told?.access_token !== undefined) return there.told.access_token;
  if (there.refused && kindOf(there.refused) === "busy") throw refused("the business's token", there.refused);
  const asset = JSON.stringify([metaId]);
  const made = await graph.post(path, { asset, scope: scopes.join(",") }, by, Token);
  if (made.refused) throw refused("the business's token was not given", made.refused);
  return made.told.access_token;
}
