import { createHash, randomBytes } from "node:crypto";
import { DurableMap } from "../../durable-map.ts";
import { OAuthError } from "../errors.ts";
import type { Instance } from "../instance.ts";
import { DAY, HOUR, MINUTE } from "../times.ts";

/** One approval of the app by one user: all tokens that came of it live and die with it. */
export interface Grant {
  readonly id: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly grantedAt: number;
  readonly usedAt: number;
  /** The only refresh token that still works; absent without the scope or with client credentials. */
  readonly refreshToken?: string;
  readonly revoked?: boolean;
}
/** Everything ever given out, so that a used token is known when it is shown again. */
export interface Token {
  readonly kind: "access" | "refresh" | "code";
  readonly grantId: string;
  readonly issuedAt: number;
  readonly revoked?: boolean;
  /** Of codes: what the exchange must show again. */
  readonly redirectUri?: string;
  readonly challenge?: string;
}

const ACCESS_LIFE = 2 * HOUR;
const CODE_LIFE = 15 * MINUTE;
/** Partner apps: a refresh token not used for 30 days is void (help, "Manage OAuth access policies"). */
const IDLE_LIFE = 30 * DAY;
/** One user holds five approvals of one app; the sixth silently revokes the oldest. */
const MOST_APPROVALS = 5;

export class Grants {
  readonly #instance: Instance;
  readonly #orgId: string;
  readonly #grants: DurableMap<Grant>;
  readonly #tokens: DurableMap<Token>;

  constructor(instance: Instance, orgId: string, dir: string) {
    this.#instance = instance;
    this.#orgId = orgId;
    this.#grants = new DurableMap(`${dir}/grants.jsonl`);
    this.#tokens = new DurableMap(`${dir}/tokens.jsonl`);
    for (const [token, { kind, issuedAt }] of this.#entries())
      if (kind !== "refresh" && issuedAt < instance.now() - DAY) this.#tokens.delete(token);
  }

  /** The user says yes. */
  approve(userId: string, scopes: readonly string[], refreshable = true): Grant {
    const now = this.#instance.now();
    const id = randomBytes(9).toString("base64url");
    const wantsRefresh =
      refreshable && scopes.some((scope) => ["refresh_token", "offline_access", "full"].includes(scope));
    const refreshToken = wantsRefresh ? this.#newRefreshToken(id) : undefined;
    const grant = { id, userId, scopes, grantedAt: now, usedAt: now, ...(refreshToken && { refreshToken }) };
    this.#grants.set(id, grant);
    const others = [...this.#grants.values()].filter(
      (each) => each.userId === userId && each.refreshToken && !each.revoked,
    );
    for (const old of others.slice(0, -MOST_APPROVALS)) this.revoke(old);
    return grant;
  }

  code(grant: Grant, redirectUri: string, challenge: string): string {
    const code = `aPrx${randomBytes(42).toString("base64url")}==`;
    this.#tokens.set(code, { kind: "code", grantId: grant.id, issuedAt: this.#instance.now(), redirectUri, challenge });
    return code;
  }

  /** Codes work once. */
  exchange(code: string, redirectUri: string, verifier: string): Grant {
    const token = this.#tokens.get(code);
    if (token?.kind !== "code") throw new OAuthError("invalid_grant", "invalid authorization code");
    const { issuedAt, challenge } = token;
    if (token.revoked || issuedAt + CODE_LIFE < this.#instance.now())
      throw new OAuthError("invalid_grant", "expired authorization code");
    if (token.redirectUri !== redirectUri)
      throw new OAuthError("redirect_uri_mismatch", "redirect_uri must match configuration");
    if (createHash("sha256").update(verifier).digest("base64url") !== challenge)
      throw new OAuthError("invalid_grant", "invalid code verifier");
    this.#tokens.set(code, { ...token, revoked: true });
    return this.#live(token.grantId) ?? expired();
  }

  /** A dead refresh token, shown again, kills the living one and every access token with it (help, "Refresh Token Rotation"). */
  refresh(refreshToken: string): Grant {
    const grant = this.#live(this.#tokens.get(refreshToken)?.grantId ?? "");
    if (!grant) return expired();
    const now = this.#instance.now();
    if (grant.refreshToken !== refreshToken || grant.usedAt + IDLE_LIFE < now) {
      this.revoke(grant);
      return expired();
    }
    const next = this.#instance.settings.now.rotation ? this.#newRefreshToken(grant.id) : refreshToken;
    return this.#grants.set(grant.id, { ...grant, usedAt: now, refreshToken: next });
  }

  accessToken(grant: Grant): string {
    const token = `${this.#orgId.slice(0, 15)}!AQ${randomBytes(66).toString("base64url").replaceAll("-", ".")}`;
    this.#tokens.set(token, { kind: "access", grantId: grant.id, issuedAt: this.#instance.now() });
    return token;
  }

  /** Who holds this access or refresh token, while it works. */
  holder(token: string): { grant: Grant; token: Token; expiresAt: number } | undefined {
    const found = this.#tokens.get(token);
    const grant = this.#live(found?.grantId ?? "");
    if (!found || !grant || found.revoked || found.kind === "code") return undefined;
    if (found.kind === "refresh" && grant.refreshToken !== token) return undefined;
    const expiresAt = found.kind === "access" ? found.issuedAt + ACCESS_LIFE : grant.usedAt + IDLE_LIFE;
    return expiresAt < this.#instance.now() ? undefined : { grant, token: found, expiresAt };
  }

  /** Whether this org ever gave it out. */
  knows(token: string): boolean {
    return this.#tokens.has(token);
  }
  /** Whether anybody here lets the app in. */
  get any(): boolean {
    return this.#grants.values().some((grant) => !grant.revoked);
  }

  /** A refresh token takes its family along; an access token goes alone. */
  revokeToken(token: string): boolean {
    const holder = this.holder(token);
    if (!holder) return false;
    if (holder.token.kind === "refresh") this.revoke(holder.grant);
    else this.#tokens.set(token, { ...holder.token, revoked: true });
    return true;
  }

  revoke(grant: Grant): void {
    this.#grants.set(grant.id, { ...grant, revoked: true });
  }
  revokeAll(): void {
    for (const grant of [...this.#grants.values()]) if (!grant.revoked) this.revoke(grant);
  }
  expireAccess(): void {
    for (const [token, { kind }] of this.#entries()) if (kind === "access") this.#tokens.delete(token);
  }

  close(): void {
    this.#grants.close();
    this.#tokens.close();
  }

  #live(grantId: string): Grant | undefined {
    const grant = this.#grants.get(grantId);
    return grant?.revoked ? undefined : grant;
  }
  #newRefreshToken(grantId: string): string {
    const token = `5Aep861${randomBytes(60).toString("base64url")}`;
    this.#tokens.set(token, { kind: "refresh", grantId, issuedAt: this.#instance.now() });
    return token;
  }
  #entries(): [string, Token][] {
    return [...this.#tokens.keys()].map((key) => [key, this.#tokens.get(key) as Token]);
  }
}

function expired(): never {
  throw new OAuthError("invalid_grant", "expired access/refresh token");
}
