import { createHash, randomBytes, randomInt, randomUUID } from "node:crypto";
import { join } from "node:path";
import { DurableMap } from "../durable-map.ts";
import { errorBody, Refusal } from "./answer.ts";
import { type PortalFacts, portalsOf } from "./portals.ts";

export const ACCESS_TOKEN_SECONDS = 1800;
const DAY_MS = 86_400_000;
const CODE_MS = 10 * 60_000;

export interface App {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly appId: number;
  /** Of the first portal. */
  readonly hubId: number;
}
/** Which portal let the app in, who clicked, and what was granted. */
export interface Install {
  readonly hubId: number;
  readonly userId: number;
  readonly scopes: readonly string[];
}
export interface AccessToken extends Install {
  readonly expiresAt: number;
}
interface Code extends Install {
  readonly redirectUri: string;
  readonly expiresAt: number;
  readonly challenge?: string;
}
/** Tokens of a time when there was one portal name none. */
type Kept<Token extends Install> = Omit<Token, "hubId" | "userId"> & Partial<Install>;

/** The app, codes and tokens. Everything outlives the process: a token given yesterday is still good. */
export class Tokens {
  readonly #app: DurableMap<App>;
  readonly #codes: DurableMap<Code>;
  readonly #refresh: DurableMap<Kept<Install>>;
  readonly #access: DurableMap<Kept<AccessToken>>;
  readonly #now: () => Date;
  readonly portals: readonly [PortalFacts, ...PortalFacts[]];

  constructor(dir: string, now: () => Date) {
    this.#now = now;
    this.#app = new DurableMap(join(dir, "app.jsonl"));
    this.#codes = new DurableMap(join(dir, "codes.jsonl"));
    this.#refresh = new DurableMap(join(dir, "refresh-tokens.jsonl"));
    this.#access = new DurableMap(join(dir, "access-tokens.jsonl"));
    if (!this.#app.has("app"))
      this.#app.set("app", {
        clientId: randomUUID(),
        clientSecret: randomUUID(),
        appId: randomInt(10_000_000, 99_999_999),
        hubId: randomInt(20_000_000, 240_000_000),
      });
    this.portals = portalsOf(this.app.hubId);
  }

  get app(): App {
    return this.#app.get("app") as App;
  }
  portal(hubId: number): PortalFacts | undefined {
    return this.portals.find((portal) => portal.hubId === hubId);
  }
  /** Whether an install in this portal that was granted the scope is alive. */
  granted(hubId: number, scope: string): boolean {
    return this.#refresh.values().some((kept) => this.#whole(kept).hubId === hubId && kept.scopes.includes(scope));
  }
  installed(hubId: number): boolean {
    return this.#refresh.values().some((kept) => this.#whole(kept).hubId === hubId);
  }
  refreshToken(token: string): Install | undefined {
    const kept = this.#refresh.get(token);
    return kept && this.#whole(kept);
  }
  accessToken(token: string): AccessToken | undefined {
    const kept = this.#access.get(token);
    return kept && { ...this.#whole(kept), expiresAt: kept.expiresAt };
  }

  /** An admin agreed: an install with its refresh token, prefixed by the data region. */
  install({ hubId, userId, scopes }: Install): string {
    const token = this.#mint(hubId);
    this.#refresh.set(token, { hubId, userId, scopes });
    return token;
  }
  code(code: Omit<Code, "expiresAt">): string {
    const text = this.#mint(code.hubId);
    this.#codes.set(text, { ...code, expiresAt: this.#now().getTime() + CODE_MS });
    return text;
  }
  /** A code serves once, whatever comes of it. */
  takeCode(text: string): Code | undefined {
    const code = this.#codes.get(text);
    this.#codes.delete(text);
    return code && code.expiresAt > this.#now().getTime() ? code : undefined;
  }

  /** More than 512 characters: whoever stores tokens must have the room (docs: oauth guide). */
  access({ hubId, userId, scopes }: Install): string {
    const now = this.#now().getTime();
    for (const key of [...this.#access.keys()])
      if ((this.#access.get(key)?.expiresAt ?? 0) < now - DAY_MS) this.#access.delete(key);
    const token = `CN${randomBytes(399).toString("base64url")}`;
    this.#access.set(token, { hubId, userId, scopes, expiresAt: now + ACCESS_TOKEN_SECONDS * 1000 });
    return token;
  }
  expire(hubId: number): void {
    const expiresAt = this.#now().getTime() - 60_000;
    for (const key of this.#keysOf(this.#access, hubId))
      this.#access.set(key, { ...(this.#access.get(key) as Kept<AccessToken>), expiresAt });
  }
  /** Revoking a refresh token leaves its access tokens alive until they expire (docs: oauth guide). */
  revoke(refreshToken: string): void {
    this.#refresh.delete(refreshToken);
  }
  uninstall(hubId: number): void {
    for (const map of [this.#refresh, this.#access])
      for (const key of this.#keysOf<Install>(map, hubId)) map.delete(key);
  }

  close(): void {
    for (const map of [this.#app, this.#codes, this.#refresh, this.#access]) map.close();
  }

  #mint(hubId: number): string {
    return `${this.portal(hubId)?.region ?? "na1"}-${randomUUID().slice(0, 4)}-${randomUUID()}`;
  }
  #keysOf<Token extends Install>(map: DurableMap<Kept<Token>>, hubId: number): string[] {
    return [...map.keys()].filter((key) => (map.get(key)?.hubId ?? this.app.hubId) === hubId);
  }
  #whole({ hubId = this.app.hubId, userId = this.portals[0].users[0].id, scopes }: Kept<Install>): Install {
    return { hubId, userId, scopes };
  }
}

/** Who calls: 401 as HubSpot gives it for a missing, unknown or expired token. */
export function bearer(tokens: Tokens, header: string | undefined, now: number): AccessToken {
  const token = header?.match(/^Bearer (.+)$/i)?.[1];
  const known = token ? tokens.accessToken(token) : undefined;
  if (!known)
    throw new Refusal({
      status: 401,
      body: errorBody(
        "INVALID_AUTHENTICATION",
        "Authentication credentials not found. This API supports OAuth 2.0 authentication.",
      ),
    });
  if (known.expiresAt > now) return known;
  const minutes = Math.floor((now - known.expiresAt) / 60_000);
  throw new Refusal({
    status: 401,
    body: errorBody(
      "EXPIRED_AUTHENTICATION",
      `The OAuth token used to make this call expired ${minutes} minute(s) ago.`,
      {
        context: { "expire time": [new Date(known.expiresAt).toISOString()] },
      },
    ),
  });
}

export const challengeOf = (verifier: string): string => createHash("sha256").update(verifier).digest("base64url");
