import { type Dice, pick } from "../dice.ts";
import { person } from "../people.ts";
import { type Instance, momentNow } from "./instance.ts";
import { convertLead } from "./org/conversion.ts";
import { createLead, setStatus } from "./org/lead.ts";
import { changeOpportunity } from "./org/opportunity.ts";
import type { Fields, Moment } from "./org/org.ts";
import { dealStages } from "./org/stages.ts";

/** The person the next lead is made of. */
export const nextPerson = ({ org, people }: Instance) => person(people, org.everMade("00Q"));

/** A lead comes in. Gives its id. */
export function arrive(instance: Instance, dice: Dice, moment: Moment): string {
  const sellers = [...instance.org.all("User")].slice(1);
  const ownerId = String(pick(dice, sellers)?.Id);
  return createLead(instance, nextPerson(instance), { consent: dice() > 0.08, ownerId }, moment);
}

/** Something happens to a lead or an opportunity. Gives the id of what may go on from there; undefined at an end. */
export function advance(instance: Instance, id: string, dice: Dice, moment: Moment): string | undefined {
  return instance.org.objectOf(id) === "Lead"
    ? advanceLead(instance, id, dice, moment)
    : advanceDeal(instance, id, dice, moment);
}

/** What becomes of a lead in a status, below which throw of the dice; `convert` is no status. */
const LEAD_PATHS: Readonly<Record<string, readonly (readonly [number, string])[]>> = {
  "Open - Not Contacted": [
    [0.8, "Working - Contacted"],
    [0.86, "Closed - Not Converted"],
    [1, "convert"],
  ],
  "Working - Contacted": [
    [0.3, "Nurturing"],
    [0.52, "Closed - Not Converted"],
    [1, "convert"],
  ],
  Nurturing: [
    [0.12, "Working - Contacted"],
    [0.5, "Closed - Not Converted"],
    [1, "convert"],
  ],
};

function advanceLead(instance: Instance, id: string, dice: Dice, moment: Moment): string | undefined {
  const paths = LEAD_PATHS[String(instance.org.current(id)?.Status)] ?? [];
  const thrown = dice();
  const [, status] = paths.find(([below]) => thrown < below) ?? [];
  if (status === undefined) return undefined;
  if (status === "convert") return convertLead(instance, id, { opportunity: dice() < 0.92 }, moment).opportunityId;
  setStatus(instance, id, status, moment);
  return status === "Closed - Not Converted" ? undefined : id;
}

function advanceDeal(instance: Instance, id: string, dice: Dice, moment: Moment): string | undefined {
  const deal = instance.org.current(id);
  const stages = dealStages(instance.org).filter((stage) => stage.IsActive);
  const open = stages.filter((stage) => !stage.IsClosed).map((stage) => String(stage.ApiName));
  const place = open.indexOf(String(deal?.StageName));
  const end = (won: boolean) => String(stages.find((stage) => stage.IsClosed && stage.IsWon === won)?.ApiName);
  const amount = dice() < 0.7 || deal?.Amount === null ? contract(Math.ceil(dice() * 90) * 500) : {};
  const change = (): Fields => {
    const chance = dice();
    if (chance < 0.1) return { StageName: end(false) };
    if (chance < 0.14 && place > 0) return { StageName: open[place - 1] ?? null };
    if (chance < 0.24) return amount; // the same stage, and yet a row of OpportunityHistory
    const steps = chance < 0.34 ? 2 : 1;
    return { ...(deal?.Amount === null && amount), StageName: open[place + steps] ?? end(true) };
  };
  changeOpportunity(instance, id, change(), moment);
  return instance.org.current(id)?.IsClosed ? undefined : id;
}

/** What is written of a contract: of larger ones also how long it runs, and what it brings in the first year. */
const contract = (amount: number): Fields => ({
  Amount: amount,
  ...(amount >= 10_000 && { Contract_Months__c: 24, First_Year_Revenue__c: amount / 2 }),
});

/** Lets the org live: about `perMinute` changes, whenever it is called. */
export class Life {
  readonly #instance: Instance;
  readonly #dice: Dice;
  #livedUntil: number | undefined;
  #due = 0;

  constructor(instance: Instance, dice: Dice) {
    this.#instance = instance;
    this.#dice = dice;
  }

  live(now: Date): void {
    const elapsed = Math.min(5000, now.getTime() - (this.#livedUntil ?? now.getTime() - 1000)); // no rush after a sleep
    this.#livedUntil = now.getTime();
    this.#due += (Math.max(0, elapsed) / 60_000) * this.#instance.settings.now.perMinute;
    for (; this.#due >= 1; this.#due -= 1) this.#happen();
  }

  #happen(): void {
    const moment = momentNow(this.#instance);
    const chance = this.#dice();
    const id = chance < 0.3 ? undefined : pick(this.#dice, this.#movable(chance < 0.7 ? "Lead" : "Opportunity"));
    if (id === undefined) arrive(this.#instance, this.#dice, moment);
    else advance(this.#instance, id, this.#dice, moment);
  }

  #movable(object: "Lead" | "Opportunity"): readonly string[] {
    return [...this.#instance.org.all(object)]
      .filter(
        (fields) => !fields.IsDeleted && (object === "Lead" ? LEAD_PATHS[String(fields.Status)] : !fields.IsClosed),
      )
      .map((fields) => String(fields.Id));
  }
}
