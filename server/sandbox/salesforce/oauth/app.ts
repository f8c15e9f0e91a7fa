import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  timingSafeEqual,
} from "node:crypto";
import { DurableMap } from "../../durable-map.ts";
import { OAuthError } from "../errors.ts";

/** The installed external client app: what identifies the product to this org, and the org's key for id tokens. */
interface Secrets {
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM; made when first needed. */
  readonly signingKey?: string;
}

export class App {
  readonly #file: DurableMap<Secrets>;

  constructor(path: string) {
    this.#file = new DurableMap(path);
    if (!this.#file.has("app"))
      this.#file.set("app", {
        clientId: `3MVG9${randomBytes(60).toString("base64url").replaceAll("-", ".")}`,
        clientSecret: randomBytes(32).toString("hex").toUpperCase(),
      });
  }

  get secrets(): Secrets {
    return this.#file.get("app") as Secrets;
  }

  check(clientId: string, clientSecret: string): void {
    if (clientId !== this.secrets.clientId) throw new OAuthError("invalid_client_id", "client identifier invalid");
    const [given, right] = [clientSecret, this.secrets.clientSecret].map((secret) => Buffer.from(secret)) as [
      Buffer,
      Buffer,
    ];
    if (given.length !== right.length || !timingSafeEqual(given, right))
      throw new OAuthError("invalid_client", "invalid client credentials");
  }

  /** Base64 HMAC-SHA256 of identity URL and time of issue: what the token response calls `signature`. */
  sign(identityUrl: string, issuedAt: string): string {
    return createHmac("sha256", this.secrets.clientSecret).update(`${identityUrl}${issuedAt}`).digest("base64");
  }

  idToken(claims: object): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${part({ alg: "RS256", typ: "JWT", kid: "1" })}.${part(claims)}`;
    return `${text}.${sign("sha256", Buffer.from(text), this.#signingKey()).toString("base64url")}`;
  }
  get keys(): object {
    const jwk = createPublicKey(createPrivateKey(this.#signingKey())).export({ format: "jwk" });
    return { keys: [{ ...jwk, kid: "1", alg: "RS256", use: "sig" }] };
  }

  close(): void {
    this.#file.close();
  }

  #signingKey(): string {
    const known = this.secrets.signingKey;
    if (known) return known;
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const signingKey = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    this.#file.set("app", { ...this.secrets, signingKey });
    return signingKey;
  }
}
