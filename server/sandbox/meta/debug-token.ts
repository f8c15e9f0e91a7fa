import { graphError } from "./errors.ts";
import { type GraphRequest, proofOf } from "./graph-request.ts";
import type { Meta } from "./routes.ts";

/** `GET /debug_token`: asked by the token's own app (`id|secret`) or with a token of it. */
export function debugToken({ accounts }: Meta, request: GraphRequest): unknown {
  const asking = (["open", "proof"] as const).find((kind) => {
    const { id, secret } = accounts.app(kind);
    return request.token === `${id}|${secret}`;
  });
  const viewer = asking ?? accounts.authenticate(request.token, proofOf(request)).app;
  const token = accounts.tokens().find((each) => each.token === request.params.input_token);
  if (!token)
    return { data: { is_valid: false, scopes: [], error: { code: 190, message: "Invalid OAuth access token." } } };
  if (token.app !== viewer)
    throw graphError("parameter", "(#100) The App_id in the input_token did not match the Viewing App");
  const scopes = token.scopes ?? ["ads_management", "business_management"];
  const state = accounts.stateOf(token);
  const holder = accounts.holder(token);
  return {
    data: {
      app_id: accounts.app(token.app).id,
      type: token.kind === "user" ? "USER" : "SYSTEM_USER",
      application: "Stage changes",
      is_valid: state === "active",
      issued_at: seconds(token.issuedAt),
      expires_at: token.expiresAt === undefined ? 0 : seconds(token.expiresAt),
      data_access_expires_at: 0,
      scopes,
      granular_scopes: scopes.map((scope) => ({ scope, target_ids: targets(scope, token.datasets, holder.business) })),
      user_id: holder.id,
      ...(state === "active"
        ? {}
        : {
            error: {
              code: 190,
              subcode: state === "expired" ? 463 : 458,
              message: "The access token is no longer valid",
            },
          }),
    },
  };
}

/** What a permission was given for: the business itself, or assets of it. */
const targets = (scope: string, datasets: readonly string[], business: string | undefined): readonly string[] =>
  scope === "business_management" && business ? [business] : datasets;

const seconds = (instant: string): number => Math.floor(Date.parse(instant) / 1000);
