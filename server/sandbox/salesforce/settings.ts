import { DurableMap } from "../durable-map.ts";

/** How the org is set up; changed by actions, kept over restarts. */
export interface Settings {
  /** Refresh token rotation: every refresh gives a new refresh token and kills the old one. */
  readonly rotation: boolean;
  /** Field history tracking of Lead.Status. */
  readonly tracking: boolean;
  /** Objects and fields the connected user may not see. */
  readonly hidden: readonly string[];
  /** Changes become visible this much later than their stamp says. */
  readonly delayCommitMs: number;
  /** Calls per rolling 24 hours, and how many more are served as a burst. */
  readonly maxCalls: number;
  readonly burst: number;
  /** Token requests per hour; more are refused for a while. */
  readonly maxLogins: number;
  /** False: the edition has no API. */
  readonly api: boolean;
  /** Registered callbacks; while there are none any address of this machine will do. */
  readonly redirectUris: readonly string[];
  /** The external client app in this org: its package installed or not, or installed and only for users an admin approved. */
  readonly app: "installed" | "absent" | "approval";
  /** Users (ids) whom an admin approved. */
  readonly approved: readonly string[];
  /** Nobody of this org may sign in through the generic hosts (Setup, "My Domain", "Prevent login from …"). */
  readonly myDomainOnly: boolean;
  /** Where the org lives since it was migrated; absent: at the address it is called by. */
  readonly instanceUrl?: string | undefined;
  /** Changes per minute of the living world. */
  readonly perMinute: number;
}

const initial: Settings = {
  rotation: true,
  tracking: true,
  hidden: ["Opportunity.CurrencyIsoCode", "Lead.CurrencyIsoCode"], // exists only where several currencies are on
  delayCommitMs: 0,
  maxCalls: 110_000, // Enterprise Edition with ten licences
  burst: 0,
  maxLogins: 3600,
  api: true,
  redirectUris: [],
  app: "installed",
  approved: [],
  myDomainOnly: false,
  perMinute: 20,
};

export class SettingsFile {
  readonly #file: DurableMap<Settings>;

  constructor(path: string, start: Partial<Settings>) {
    this.#file = new DurableMap(path);
    if (!this.#file.has("settings")) this.#file.set("settings", { ...initial, ...start });
  }
  get now(): Settings {
    return { ...initial, ...this.#file.get("settings") };
  }
  get hidden(): ReadonlySet<string> {
    return new Set(this.now.hidden);
  }
  change(change: Partial<Settings>): Settings {
    return this.#file.set("settings", { ...this.now, ...change });
  }
  close(): void {
    this.#file.close();
  }
}
