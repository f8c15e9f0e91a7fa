import { join } from "node:path";
import { type Dice, dice } from "../dice.ts";
import { Associations } from "./associations.ts";
import type { Hub } from "./hub.ts";
import { Life } from "./life.ts";
import { Limits } from "./limits.ts";
import { Pipelines } from "./pipelines.ts";
import { Portal } from "./portal.ts";
import type { PortalFacts } from "./portals.ts";
import { Properties } from "./properties.ts";
import type { World } from "./routes.ts";
import { SearchIndex } from "./search-index.ts";
import { seedPortal } from "./seed.ts";
import { Staff } from "./staff.ts";

/** One portal with everything in it, and the people who work there. */
export interface Account {
  readonly world: World;
  readonly staff: Staff;
  readonly days: Life;
  close(): void;
}

/** `dir`: this portal's own folder. A new one is filled with the history of 30 days. */
export function openAccount(facts: PortalFacts, hub: Hub, dir: string, seed: string): Account {
  const { now, tokens } = hub;
  const pipelines = new Pipelines(join(dir, "pipelines.jsonl"));
  const associations = new Associations(join(dir, "associations.jsonl"));
  const portal = new Portal(dir);
  const staff = new Staff({ portal, pipelines, associations, seed });
  if (portal.empty) seedPortal(staff, now().getTime(), dice(seed));
  const index = new SearchIndex(portal.all());
  const world: World = {
    facts,
    portal,
    pipelines,
    properties: new Properties(pipelines),
    associations,
    index,
    tokens,
    now,
    limits: new Limits(),
    settings: () => hub.settings.now,
  };
  portal.listen((changes) => index.note(changes, now().getTime()));
  portal.listen((changes) => hub.webhooks.tell(facts.hubId, changes));
  return {
    world,
    staff,
    days: new Life(staff, anotherDice(portal, seed)),
    close() {
      for (const part of [portal, associations, pipelines]) part.close();
    },
  };
}

/** Another sequence after each start, or the days would repeat themselves. */
const anotherDice = (portal: Portal, seed: string): Dice => dice(`${seed}:${portal.count("start")}`);
