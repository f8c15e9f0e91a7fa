import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DurableMap } from "../durable-map.ts";
import type { Accounts } from "./accounts.ts";

const CODE_MS = 10 * 60_000;

/** What the app's dashboard holds about Facebook Login for Business. */
export interface LoginSettings {
  /** Valid OAuth redirect addresses; while there are none, https and this machine's own. */
  readonly redirectUris: readonly string[];
  /** The configuration's choice: tokens that never end, or after 60 days. */
  readonly tokenLife: "never" | "60days";
}
/** What a person agreed to. */
export interface Agreed {
  readonly person: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** With the configuration: the business and its datasets. Without one the token is the person's own. */
  readonly business?: string;
  readonly datasets: readonly string[];
}
interface Code extends Agreed {
  readonly expiresAt: number;
  readonly used?: boolean;
}

/** Facebook Login for Business: its configuration, and the codes that were given out. Outlives the process. */
export class Login {
  readonly configId: string;
  readonly #settings: DurableMap<LoginSettings>;
  readonly #codes: DurableMap<Code>;
  readonly #now: () => Date;

  constructor(dir: string, accounts: Accounts, now: () => Date) {
    this.#now = now;
    this.configId = accounts.digits("login configuration", 16);
    this.#settings = new DurableMap(join(dir, "login.jsonl"));
    this.#codes = new DurableMap(join(dir, "codes.jsonl"));
  }

  get settings(): LoginSettings {
    return { redirectUris: [], tokenLife: "never", ...this.#settings.get("login") };
  }
  change(part: Partial<LoginSettings>): LoginSettings {
    return this.#settings.set("login", { ...this.settings, ...part });
  }

  code(agreed: Agreed): string {
    const text = `AQ${randomBytes(120).toString("base64url")}`;
    this.#codes.set(text, { ...agreed, expiresAt: this.#now().getTime() + CODE_MS });
    return text;
  }
  /** Why the code is not taken, or what was agreed; it serves once. */
  take(text: string, redirectUri: string): Agreed | "unknown" | "expired" | "used" | "redirect" {
    const code = this.#codes.get(text);
    if (!code) return "unknown";
    if (code.used) return "used";
    if (code.expiresAt <= this.#now().getTime()) return "expired";
    if (code.redirectUri !== redirectUri) return "redirect";
    this.#codes.set(text, { ...code, used: true });
    return code;
  }

  close(): void {
    this.#settings.close();
    this.#codes.close();
  }
}
