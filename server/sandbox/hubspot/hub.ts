import { existsSync } from "node:fs";
import { join } from "node:path";
import { dice } from "../dice.ts";
import { type Account, openAccount } from "./account.ts";
import { Tokens } from "./oauth.ts";
import type { PortalFacts } from "./portals.ts";
import { SettingsFile } from "./settings.ts";
import { Webhooks } from "./webhooks.ts";

export interface HubOptions {
  readonly dir: string;
  readonly seed: string;
  readonly now: () => Date;
  readonly life: { readonly perMinute: number } | undefined;
}

/** All of HubSpot: the app, its webhooks, and the portals, of which all but the first are opened when they are needed. */
export class Hub {
  readonly tokens: Tokens;
  readonly settings: SettingsFile;
  readonly webhooks: Webhooks;
  readonly now: () => Date;
  readonly #options: HubOptions;
  readonly #accounts = new Map<number, Account>();

  constructor(options: HubOptions) {
    const { dir, seed, now, life } = options;
    this.#options = options;
    this.now = now;
    this.settings = new SettingsFile(join(dir, "settings.jsonl"), life ?? {});
    this.tokens = new Tokens(dir, now);
    const { app } = this.tokens;
    this.webhooks = new Webhooks({
      path: join(dir, "webhooks.jsonl"),
      secret: app.clientSecret,
      roll: dice(`${seed}:webhooks:${now().getTime()}`),
      now,
      appId: app.appId,
      target: () => this.settings.now.targetUrl,
      granted: (hubId, scope) => this.tokens.granted(hubId, scope),
    });
    this.account(app.hubId);
  }

  /** Throws when there is no such portal. */
  account(hubId: number): Account {
    const known = this.#accounts.get(hubId);
    if (known) return known;
    const facts = this.tokens.portal(hubId);
    if (!facts) throw new Error(`there is no portal ${hubId}`);
    const { seed } = this.#options;
    const account = openAccount(facts, this, this.#folder(facts), facts.place === 1 ? seed : `${seed}:${facts.place}`);
    this.#accounts.set(hubId, account);
    return account;
  }

  /** A portal as the back door names it: its hub id or its place from 1; without a name the first. */
  portal(named: unknown): PortalFacts {
    const { portals } = this.tokens;
    const found = portals.find(({ hubId, place }) => [hubId, place].map(String).includes(String(named ?? 1)));
    if (!found) throw new Error(`there is no portal "${String(named)}"; there are ${portals.map(nameOf).join(", ")}`);
    return found;
  }

  /** A step of life in the first portal, and in those that let the app in. */
  live(at: Date): void {
    for (const facts of this.tokens.portals)
      if (facts.place === 1 || (existsSync(this.#folder(facts)) && this.tokens.installed(facts.hubId)))
        this.account(facts.hubId).days.step(at, this.settings.now.perMinute);
  }

  close(): void {
    this.webhooks.close();
    for (const account of this.#accounts.values()) account.close();
    for (const part of [this.tokens, this.settings]) part.close();
  }

  #folder({ place }: PortalFacts): string {
    return place === 1 ? this.#options.dir : join(this.#options.dir, `portal-${place}`);
  }
}

const nameOf = ({ place, hubId, name }: PortalFacts): string => `${place} or ${hubId} (${name})`;
