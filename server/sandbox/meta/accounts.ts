import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { DurableMap } from "../durable-map.ts";
import { graphError } from "./errors.ts";

export interface Dataset {
  readonly id: string;
  readonly name: string;
  readonly isCrm: boolean;
  /** The business lets the system user send here. */
  readonly permitted: boolean;
}
/** An app at Meta. Of an app that demands proof every call must be signed with its secret. */
export interface App {
  readonly id: string;
  readonly secret: string;
  readonly demandsProof: boolean;
}
export interface Token {
  readonly token: string;
  readonly app: "open" | "proof";
  /** Assigned to the token's system user. */
  readonly datasets: readonly string[];
  readonly state: "active" | "revoked" | "expired";
  readonly issuedAt: string;
}

/** The business at Meta: its datasets, and the tokens of its system user. */
export class Accounts {
  readonly businessId: string;
  readonly userId: string;
  readonly #seed: string;
  readonly #datasets: DurableMap<Dataset>;
  readonly #tokens: DurableMap<Token>;

  constructor(dir: string, seed: string | undefined) {
    const identity = new DurableMap<string>(join(dir, "identity.jsonl"));
    this.#seed = identity.get("seed") ?? identity.set("seed", seed ?? randomBytes(16).toString("hex"));
    identity.close();
    this.#datasets = new DurableMap(join(dir, "datasets.jsonl"));
    this.#tokens = new DurableMap(join(dir, "tokens.jsonl"));
    this.businessId = this.#digits("business", 16);
    this.userId = this.#digits("system user", 15);
  }

  app(kind: Token["app"]): App {
    const secret = createHash("sha256").update(`${this.#seed}:${kind}:secret`).digest("hex").slice(0, 32);
    return { id: this.#digits(`${kind} app`, 16), secret, demandsProof: kind === "proof" };
  }

  /** What an admin does in Events Manager: makes the dataset if it is new, and a token for it. */
  grant(
    datasetId: string | undefined,
    name: string | undefined,
    kind: Token["app"],
    now: Date,
  ): Token & { dataset: Dataset } {
    const id = datasetId ?? this.#digits(`dataset ${this.#datasets.size}`, 16);
    const known = this.#datasets.get(id);
    const dataset: Dataset = {
      isCrm: true,
      permitted: known?.permitted ?? true,
      id,
      name: name ?? known?.name ?? "CRM leads",
    };
    this.#datasets.set(id, dataset);
    const token: Token = {
      token: `EAA${this.#letters(`token ${this.#tokens.size}`, 200)}`,
      app: kind,
      datasets: [id],
      state: "active",
      issuedAt: now.toISOString(),
    };
    this.#tokens.set(token.token, token);
    return { ...token, dataset };
  }

  /** One token, or every one of them. */
  setState(token: string | undefined, state: Token["state"]): number {
    const chosen = token === undefined ? [...this.#tokens.values()] : [this.token(token)];
    this.#tokens.setAll(chosen.map((each) => [each.token, { ...each, state }]));
    return chosen.length;
  }

  permit(datasetId: string, permitted: boolean): Dataset {
    const dataset = this.#datasets.get(datasetId);
    if (!dataset) throw new Error(`there is no dataset ${datasetId}`);
    return this.#datasets.set(datasetId, { ...dataset, permitted });
  }

  datasets(): Dataset[] {
    return [...this.#datasets.values()];
  }
  tokens(): Token[] {
    return [...this.#tokens.values()];
  }
  token(text: string): Token {
    const token = this.#tokens.get(text);
    if (!token) throw new Error("there is no such token");
    return token;
  }

  /** Whose call it is; throws what Meta answers to a token it does not take. */
  authenticate(text: string | undefined, proof: string | undefined): Token {
    if (text === undefined || text === "") throw graphError("noToken");
    if (!/^EAA[A-Za-z0-9]{20,}$/.test(text)) throw graphError("malformedToken");
    const token = this.#tokens.get(text);
    if (!token) throw graphError("unknownToken");
    if (token.state === "revoked") throw graphError("revokedToken");
    if (token.state === "expired") throw graphError("expiredToken");
    const app = this.app(token.app);
    if (proof === undefined && app.demandsProof) throw graphError("proofRequired");
    if (proof !== undefined && !isProof(proof, app.secret, text)) throw graphError("proof");
    return token;
  }

  /** The dataset, if this token's system user may use it. */
  reach(token: Token, datasetId: string): Dataset {
    const dataset = this.#datasets.get(datasetId);
    if (!dataset || !token.datasets.includes(datasetId)) throw graphError("notFound");
    if (!dataset.permitted) throw graphError("forbidden");
    return dataset;
  }

  close(): void {
    this.#datasets.close();
    this.#tokens.close();
  }

  #digits(what: string, length: number): string {
    const number = createHash("sha256").update(`${this.#seed}:${what}`).digest().readBigUInt64BE(0);
    const lowest = 10n ** BigInt(length - 1);
    return String(lowest + (number % (9n * lowest)));
  }

  #letters(what: string, length: number): string {
    let letters = "";
    for (let i = 0; letters.length < length; i += 1)
      letters += createHash("sha512").update(`${this.#seed}:${what}:${i}`).digest("base64").replace(/[+/=]/g, "");
    return letters.slice(0, length);
  }
}

/** https://developers.facebook.com/docs/graph-api/guides/secure-requests: HMAC-SHA256 of the token, keyed with the app secret. */
function isProof(proof: string, secret: string, token: string): boolean {
  const expected = Buffer.from(createHmac("sha256", secret).update(token).digest("hex"));
  const given = Buffer.from(proof);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
