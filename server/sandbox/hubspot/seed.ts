import { type Dice, pick } from "../dice.ts";
import { journey } from "./journey.ts";
import type { ObjectType } from "./objects.ts";
import type { Stage } from "./pipelines.ts";
import type { CrmRecord } from "./record.ts";
import { contacts, deals, leads, type Staff } from "./staff.ts";

const DAY_MS = 86_400_000;
const PEOPLE = 240;
const DEALS = 120;
const LEADS = 60;

/** A portal that has been in use for 30 days: people, deals and leads with their whole stage history at its real times. */
export function seedPortal(staff: Staff, now: number, roll: Dice): void {
  const begun = now - 30 * DAY_MS;
  const arrivals = Array.from({ length: PEOPLE }, () => Math.round(begun + roll() * 30 * DAY_MS)).sort((a, b) => a - b);
  const lifecycle = staff.pipelines.of(contacts.id)[0]?.stages ?? [];
  const people = arrivals.map((at) => {
    // One in six subscribes first; the others come in as leads.
    const stages = roll() < 1 / 6 ? lifecycle : lifecycle.slice(1);
    const [first, ...steps] = journey(stages, at, now, roll, 5);
    const born = staff.contact(staff.somebody(), first?.stage ?? "lead", { at, stamp: at, source: "FORM" });
    return walk(staff, born, steps);
  });
  plan(LEADS, leads, people, { now, roll, staff, share: 1 });
  plan(DEALS, deals, people, { now, roll, staff, share: 0.75 });
}

interface Plan {
  readonly now: number;
  readonly roll: Dice;
  readonly staff: Staff;
  /** How many go into the first pipeline. */
  readonly share: number;
}

/** Records of people who came in, oldest first so that ids rise with time. */
function plan(count: number, type: ObjectType, people: readonly CrmRecord[], { now, roll, staff, share }: Plan): void {
  const pipelines = staff.pipelines.of(type.id);
  const births = Array.from({ length: count }, () => {
    const person = pick(roll, people);
    return { person, at: Math.round(person.createdAt + roll() * Math.min(4 * DAY_MS, now - person.createdAt)) };
  }).sort((a, b) => a.at - b.at);
  for (const { person, at } of births) {
    const stages: readonly Stage[] = (roll() < share ? pipelines[0] : pick(roll, pipelines))?.stages ?? [];
    const [first, ...steps] = journey(stages, at, now, roll, 2.5);
    if (!first) continue;
    const written = { at, stamp: at, source: "CRM_UI" };
    walk(staff, staff.record(type, clients(type, person, people, roll), first.stage, amount(roll), written), steps);
  }
}

/** Deals: one in twenty has no contact, one in eight a second, earlier one. Leads always have theirs. */
function clients(type: ObjectType, person: CrmRecord, people: readonly CrmRecord[], roll: Dice): CrmRecord[] {
  const chance = type === leads ? 0.5 : roll();
  if (chance < 0.05) return [];
  return chance > 0.87 ? [...new Set([person, pick(roll, people.slice(0, people.indexOf(person) + 1))])] : [person];
}

function walk(staff: Staff, born: CrmRecord, steps: readonly { stage: string; at: number }[]): CrmRecord {
  return steps.reduce((record, { stage, at }) => staff.move(record, stage, { at, stamp: at, source: "CRM_UI" }), born);
}

export const amount = (roll: Dice): string => `${100 * Math.floor(5 + roll() * 250)}.00`;
