import { DurableMap } from "../durable-map.ts";

/** What the back door can turn. Outlives the process. */
export interface Settings {
  /** Milliseconds until a change shows in search. */
  lagMs: number;
  /** Calls per ten seconds and portal (docs: usage-guidelines). */
  perTenSeconds: number;
  associationsPerTenSeconds: number;
  searchesPerSecond: number;
  /** Targets per `from` in one answer of the associations API. */
  associationsPage: number;
  /** Where webhooks go; null: nowhere. */
  targetUrl: string | null;
  /** Changes per minute; 0: frozen. */
  perMinute: number;
  /** Give a new refresh token at each refresh and void the old one. */
  rotate: boolean;
  /** The app's redirect URLs; while there are none, any that HubSpot would let an app have. */
  redirectUrls: readonly string[];
  /** Installs that begin in the marketplace come to us before consent (docs: understand-app-install-flow). */
  partnerSignIn: boolean;
  /** Portals (hub ids) whose App Governance asks for approval of each app first. */
  governed: readonly number[];
  /** Portals (hub ids) that were deleted. */
  deleted: readonly number[];
}

const usual: Settings = {
  lagMs: 1500,
  perTenSeconds: 110,
  associationsPerTenSeconds: 150,
  searchesPerSecond: 5,
  associationsPage: 500,
  targetUrl: null,
  perMinute: 20,
  rotate: false,
  redirectUrls: [],
  partnerSignIn: true,
  governed: [],
  deleted: [],
};

export class SettingsFile {
  readonly #map: DurableMap<Partial<Settings>>;
  readonly #first: Settings;

  constructor(path: string, first: Partial<Settings>) {
    this.#map = new DurableMap(path);
    this.#first = { ...usual, ...first };
  }
  get now(): Settings {
    return { ...this.#first, ...this.#map.get("settings") };
  }
  change(part: Partial<Settings>): Settings {
    this.#map.set("settings", { ...this.#map.get("settings"), ...part });
    return this.now;
  }
  close(): void {
    this.#map.close();
  }
}
