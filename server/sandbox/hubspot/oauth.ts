import { createHash, randomBytes, randomInt, randomUUID } from "node:crypto";
import { join } from "node:path";
import { DurableMap } from "../durable-map.ts";
import { errorBody, Refusal } from "./answer.ts";

export const ACCESS_TOKEN_SECONDS = 1800;
const DAY_MS = 86_400_000;
const CODE_MS = 10 * 60_000;
export const USER_ID = 98_499_705;

export interface App {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly appId: number;
  readonly hubId: number;
}
export interface AccessToken {
  readonly scopes: readonly string[];
  readonly expiresAt: number;
}
interface RefreshToken {
  readonly scopes: readonly string[];
}
interface Code {
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
  readonly challenge?: string;
}

/** Apps, codes and tokens. Everything outlives the process: a token given yesterday is still good. */
export class Tokens {
  readonly #app: DurableMap<App>;
  readonly #codes: DurableMap<Code>;
  readonly #refresh: DurableMap<RefreshToken>;
  readonly #access: DurableMap<AccessToken>;
  readonly #now: () => Date;

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
        hubId: randomInt(20_000_000, 249_999_999),
      });
  }

  get app(): App {
    return this.#app.get("app") as App;
  }
  /** Whether an install that was granted this scope is alive. */
  granted(scope: string): boolean {
    return this.#refresh.values().some(({ scopes }) => scopes.includes(scope));
  }
  refreshToken(token: string): RefreshToken | undefined {
    return this.#refresh.get(token);
  }
  accessToken(token: string): AccessToken | undefined {
    return this.#access.get(token);
  }

  /** An admin agreed: an install with its refresh token, prefixed by the data region. */
  install(scopes: readonly string[]): string {
    const token = `na1-${randomUUID().slice(0, 4)}-${randomUUID()}`;
    this.#refresh.set(token, { scopes });
    return token;
  }
  code(code: Omit<Code, "expiresAt">): string {
    const text = `na1-${randomUUID().slice(0, 4)}-${randomUUID()}`;
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
  access(scopes: readonly string[]): string {
    const now = this.#now().getTime();
    for (const key of [...this.#access.keys()])
      if ((this.#access.get(key)?.expiresAt ?? 0) < now - DAY_MS) this.#access.delete(key);
    const token = `CN${randomBytes(399).toString("base64url")}`;
    this.#access.set(token, { scopes, expiresAt: now + ACCESS_TOKEN_SECONDS * 1000 });
    return token;
  }
  expire(): void {
    const expiresAt = this.#now().getTime() - 60_000;
    for (const key of [...this.#access.keys()])
      this.#access.set(key, { scopes: this.#access.get(key)?.scopes ?? [], expiresAt });
  }
  /** Revoking a refresh token leaves its access tokens alive until they expire (docs: oauth guide). */
  revoke(refreshToken: string): void {
    this.#refresh.delete(refreshToken);
  }
  uninstall(): void {
    for (const key of [...this.#refresh.keys()]) this.#refresh.delete(key);
    for (const key of [...this.#access.keys()]) this.#access.delete(key);
  }

  close(): void {
    for (const map of [this.#app, this.#codes, this.#refresh, this.#access]) map.close();
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
