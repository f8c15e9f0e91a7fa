import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { dice } from "../dice.ts";
import type { Instance } from "./instance.ts";
import { Life } from "./life.ts";
import { App } from "./oauth/app.ts";
import { Grants } from "./oauth/grants.ts";
import { Org } from "./org/org.ts";
import { type OrgFacts, orgFacts } from "./org-facts.ts";
import { CallLimit } from "./rest/limits.ts";
import { Queries } from "./rest/query.ts";
import type { Rest } from "./rest/rest.ts";
import { SettingsFile } from "./settings.ts";
import { foundOrg, seedWorld } from "./world.ts";

export interface OrgsOptions {
  readonly dir: string;
  readonly seed: string;
  readonly now: () => Date;
  readonly life: { readonly perMinute: number } | undefined;
}
/** One org as it runs. */
export interface RunningOrg {
  readonly facts: OrgFacts;
  readonly rest: Rest;
  readonly life: Life;
}

/** All orgs of this Salesforce, of which all but the first are founded when somebody goes there, and the app they share. */
export class Orgs {
  readonly app: App;
  readonly first: RunningOrg;
  readonly #options: OrgsOptions;
  readonly #running = new Map<number, RunningOrg>();
  #doors: Readonly<Record<string, string>> = {};

  constructor(options: OrgsOptions) {
    this.#options = options;
    this.app = new App(`${options.dir}/app.jsonl`);
    this.first = this.open(orgFacts[0]);
  }

  /** Where the doors are, as origins by name. */
  set doors(doors: Readonly<Record<string, string>>) {
    this.#doors = doors;
  }

  open(facts: OrgFacts): RunningOrg {
    const known = this.#running.get(facts.place);
    if (known) return known;
    const org = this.#start(facts);
    this.#running.set(facts.place, org);
    return org;
  }

  /** Orgs that people can sign in to at this door: the login host has all of production, the test host the sandboxes. */
  behind(door: string): readonly OrgFacts[] {
    return orgFacts.filter((facts) => facts.door === door || facts.loginDoor === door);
  }
  /** The org whose data is behind this door. */
  at(door: string): RunningOrg {
    return this.open(orgFacts.find((facts) => facts.door === door) ?? orgFacts[0]);
  }
  /** Those behind a door that were ever founded: only they can have given out a token. */
  founded(door: string): readonly RunningOrg[] {
    return this.behind(door)
      .filter((facts) => this.#running.has(facts.place) || existsSync(this.#folder(facts)))
      .map((facts) => this.open(facts));
  }

  /** An org as the back door names it: its id or its place from 1; without a name the first. */
  named(name: unknown): RunningOrg {
    const facts = orgFacts.find(({ place }) => String(place) === String(name ?? 1));
    if (facts) return this.open(facts);
    const found = orgFacts.map((each) => this.open(each)).find(({ rest }) => rest.orgId === name);
    if (!found) throw new Error(`there is no org "${String(name)}"; there are 1 to ${orgFacts.length}`);
    return found;
  }

  /** A step of life in the first org, and in those that let the app in. */
  live(at: Date): void {
    for (const facts of orgFacts)
      if (facts.place === 1 || (existsSync(this.#folder(facts)) && this.open(facts).rest.grants.any))
        this.open(facts).life.live(at);
  }

  close(): void {
    for (const { rest } of this.#running.values())
      for (const file of [rest.org, rest.settings, rest.grants, rest.queries, rest.limit]) file.close();
    this.app.close();
  }

  #folder({ place }: OrgFacts): string {
    return place === 1 ? this.#options.dir : join(this.#options.dir, `org-${place}`);
  }

  #start(facts: OrgFacts): RunningOrg {
    const { seed: common, now, life } = this.#options;
    const isFirst = facts.place === 1;
    const [dir, seed] = [this.#folder(facts), isFirst ? common : `${common}:${facts.place}`];
    const settings = new SettingsFile(`${dir}/settings.jsonl`, {});
    if (life) settings.change({ perMinute: life.perMinute });
    const pod = isFirst ? createHash("sha256").update(seed).digest("hex").slice(0, 2) : `Q${facts.place}`;
    const org = new Org(`${dir}/records.jsonl`, pod);
    const people = isFirst ? "salesforce" : `salesforce:${facts.place}`;
    const instance: Instance = { org, settings, people, now: () => now().getTime() };
    if (org.isEmpty)
      org.transaction(() => {
        foundOrg(org, facts, instance.now());
        seedWorld(instance, dice(seed), instance.now());
      });
    const idOfFirst = (object: string) => String(org.all(object).next().value?.Id);
    const orgId = idOfFirst("Organization");
    const originOf = (door: string) => this.#doors[door];
    const rest: Rest = {
      ...instance,
      orgId,
      integrationUserId: idOfFirst("User"),
      app: this.app,
      loginOrigin: () => originOf(facts.loginDoor),
      ownOrigin: () => originOf(facts.door),
      grants: new Grants(instance, orgId, dir),
      logins: [],
      queries: new Queries(instance, `${dir}/cursors.jsonl`),
      limit: new CallLimit(instance, `${dir}/calls.jsonl`),
    };
    return { facts, rest, life: new Life(instance, dice(`${seed}:${org.everMade("00Q")}`)) };
  }
}
