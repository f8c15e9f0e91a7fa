import type { NewToken, Token } from "./accounts.ts";
import { graphError } from "./errors.ts";
import type { GraphRequest } from "./graph-request.ts";
import type { Meta } from "./routes.ts";

const HOUR_MS = 3_600_000;
export const SIXTY_DAYS_MS = 60 * 24 * HOUR_MS;
/** A person's token lives for an hour or two before it is exchanged. */
const SHORT_MS = 2 * HOUR_MS;

/** `GET /oauth/access_token`: a code becomes a token, or with `grant_type=fb_exchange_token` a token a longer one. */
export function accessToken(meta: Meta, { params }: GraphRequest): unknown {
  const { accounts, login } = meta;
  const app = accounts.app("proof");
  if (params.client_id !== app.id) throw graphError("badClient");
  if (params.client_secret !== app.secret) throw graphError("badSecret");
  if (params.grant_type === "fb_exchange_token") return extend(meta, String(params.fb_exchange_token ?? ""));
  const agreed = login.take(String(params.code ?? ""), String(params.redirect_uri ?? ""));
  if (typeof agreed === "string") throw graphError(CODE_ERRORS[agreed]);
  const { person, business, datasets, scopes } = agreed;
  if (business === undefined)
    return told(meta, accounts.mint({ app: "proof", kind: "user", datasets, scopes, person, ...ends(meta, SHORT_MS) }));
  const ending = login.settings.tokenLife === "60days" ? ends(meta, SIXTY_DAYS_MS) : {};
  return told(meta, accounts.mint({ app: "proof", kind: "business", datasets, scopes, business, ...ending }));
}

const CODE_ERRORS = {
  unknown: "badCode",
  expired: "expiredCode",
  redirect: "otherRedirect",
  used: "usedCode",
} as const;

/** A living token of this app for another with 60 days from now; one that never ends stays as it is. The old one lives on to its end. */
function extend(meta: Meta, text: string): unknown {
  const { accounts } = meta;
  const token = accounts.tokens().find((each) => each.token === text && each.app === "proof");
  if (!token) throw graphError("unknownToken");
  const state = accounts.stateOf(token);
  if (state !== "active") throw graphError(state === "revoked" ? "revokedToken" : "expiredToken");
  if (token.expiresAt === undefined) return told(meta, token);
  const { token: _, issuedAt: __, ...same } = token;
  return told(meta, accounts.mint({ ...same, ...ends(meta, SIXTY_DAYS_MS) }));
}

export const ends = ({ now }: Meta, ms: number): Pick<NewToken, "expiresAt"> & { expiresAt: string } => ({
  expiresAt: new Date(now().getTime() + ms).toISOString(),
});

const told = ({ now }: Meta, { token, expiresAt }: Token): unknown => ({
  access_token: token,
  token_type: "bearer",
  ...(expiresAt && { expires_in: Math.floor((Date.parse(expiresAt) - now().getTime()) / 1000) }),
});
