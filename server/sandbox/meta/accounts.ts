import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { DurableMap } from "../durable-map.ts";
import { type Business, businessesOf, datasetsOf, type Person, peopleOf } from "./businesses.ts";
import { graphError } from "./errors.ts";

export interface Dataset {
  readonly id: string;
  readonly name: string;
  readonly isCrm: boolean;
  /** The business lets the system user send here; without it there is only looking. */
  readonly permitted: boolean;
  /** Whose it is, or with `shared` to whom somebody else lent it; the first business's when absent. */
  readonly business?: string;
  readonly shared?: boolean;
  /** There from the beginning. */
  readonly seeded?: boolean;
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
  /** Made in Events Manager, given to a business's system user by login, or to a person. Absent: Events Manager. */
  readonly kind?: "pasted" | "business" | "user";
  /** Assigned to the token's system user. */
  readonly datasets: readonly string[];
  readonly state: "active" | "revoked" | "expired";
  readonly issuedAt: string;
  /** ISO; absent: it never ends. */
  readonly expiresAt?: string;
  /** Absent: the first business's. */
  readonly business?: string;
  readonly scopes?: readonly string[];
  /** Whose it is, if it is a person's. */
  readonly person?: string;
  /** Good for sending and nothing else. */
  readonly postOnly?: boolean;
}
export type NewToken = Pick<Token, "app" | "datasets"> & Partial<Token>;

/** Businesses at Meta, who administrates them, their datasets, and the tokens of their system users. */
export class Accounts {
  readonly businesses: readonly [Business, ...Business[]];
  readonly people: readonly [Person, ...Person[]];
  readonly #seed: string;
  readonly #now: () => Date;
  readonly #datasets: DurableMap<Dataset>;
  readonly #tokens: DurableMap<Token>;

  constructor(dir: string, seed: string | undefined, now: () => Date) {
    this.#now = now;
    const identity = new DurableMap<string>(join(dir, "identity.jsonl"));
    this.#seed = identity.get("seed") ?? identity.set("seed", seed ?? randomBytes(16).toString("hex"));
    identity.close();
    this.#datasets = new DurableMap(join(dir, "datasets.jsonl"));
    this.#tokens = new DurableMap(join(dir, "tokens.jsonl"));
    const digits = this.digits.bind(this);
    this.businesses = businessesOf(digits);
    this.people = peopleOf(digits, this.businesses);
    const seeded = this.businesses.flatMap((business) => datasetsOf(digits, business));
    this.#datasets.setAll(seeded.filter(({ id }) => !this.#datasets.has(id)).map((dataset) => [dataset.id, dataset]));
  }

  app(kind: Token["app"]): App {
    const secret = createHash("sha256").update(`${this.#seed}:${kind}:secret`).digest("hex").slice(0, 32);
    return { id: this.digits(`${kind} app`, 16), secret, demandsProof: kind === "proof" };
  }

  /** What an admin does in Events Manager: makes the dataset if it is new, and a token for it. */
  grant(
    datasetId: string | undefined,
    name: string | undefined,
    how: Pick<NewToken, "app" | "postOnly">,
  ): Token & { dataset: Dataset } {
    const known = this.#datasets.get(datasetId ?? "");
    const dataset = known
      ? this.#datasets.set(known.id, { ...known, isCrm: true, name: name ?? known.name })
      : this.createDataset(name ?? "CRM leads", true, this.businesses[0].id, datasetId);
    return { ...this.mint({ ...how, kind: "pasted", datasets: [dataset.id] }), dataset };
  }

  createDataset(name: string, isCrm: boolean, business: string, id?: string): Dataset {
    const made = this.datasets().filter(({ seeded }) => !seeded).length;
    const dataset: Dataset = {
      id: id ?? this.digits(`dataset ${made}`, 16),
      name,
      isCrm,
      permitted: true,
      business,
    };
    return this.#datasets.set(dataset.id, dataset);
  }

  mint(token: NewToken): Token {
    const text = `EAA${this.#letters(`token ${this.#tokens.size}`, 200)}`;
    return this.change({ token: text, state: "active", issuedAt: this.#now().toISOString(), ...token });
  }
  change(token: Token): Token {
    return this.#tokens.set(token.token, token);
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
  /** What has become of it by now. */
  stateOf({ state, expiresAt }: Token): Token["state"] {
    return state === "active" && expiresAt && Date.parse(expiresAt) <= this.#now().getTime() ? "expired" : state;
  }
  /** Who acts with this token: a person, or the system user of a business. */
  holder({ business, person }: Token): { readonly id: string; readonly name: string; readonly business?: string } {
    const somebody = this.people.find(({ id }) => id === person);
    if (somebody) return somebody;
    const { systemUserId, id } = this.businesses.find((each) => each.id === business) ?? this.businesses[0];
    return { id: systemUserId, name: "Conversions API System User", business: id };
  }

  /** Whose call it is; throws what Meta answers to a token it does not take. */
  authenticate(text: string | undefined, proof: string | undefined): Token {
    if (text === undefined || text === "") throw graphError("noToken");
    if (!/^EAA[A-Za-z0-9]{20,}$/.test(text)) throw graphError("malformedToken");
    const token = this.#tokens.get(text);
    if (!token) throw graphError("unknownToken");
    const state = this.stateOf(token);
    if (state === "revoked") throw graphError("revokedToken");
    if (state === "expired") throw graphError("expiredToken");
    const app = this.app(token.app);
    if (proof === undefined && app.demandsProof) throw graphError("proofRequired");
    if (proof !== undefined && !isProof(proof, app.secret, text)) throw graphError("proof");
    return token;
  }

  /** The dataset, if this token's system user may use it. */
  reach(token: Token, datasetId: string, forWhat: "send" | "look"): Dataset {
    const dataset = this.#datasets.get(datasetId);
    if (!dataset || !token.datasets.includes(datasetId)) throw graphError("notFound");
    if (token.postOnly && forWhat === "look") throw graphError("notFound");
    if (!dataset.permitted && forWhat === "send") throw graphError("forbidden");
    return dataset;
  }

  close(): void {
    this.#datasets.close();
    this.#tokens.close();
  }

  digits(what: string, length: number): string {
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
