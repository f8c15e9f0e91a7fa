import { type Dice, pick } from "../dice.ts";
import { nextStage } from "./journey.ts";
import { typeOf } from "./objects.ts";
import { type CrmRecord, currentValue } from "./record.ts";
import { amount } from "./seed.ts";
import { contacts, deals, leads, type Staff } from "./staff.ts";

/** Daily business: so many changes a minute, each at the moment it is made. */
export class Life {
  readonly #staff: Staff;
  readonly #roll: Dice;
  #lastAt: number | undefined;
  #owed = 0;

  constructor(staff: Staff, roll: Dice) {
    this.#staff = staff;
    this.#roll = roll;
  }

  /** Makes up for the time since the last call, for a minute at most: a sleeping computer wakes to no avalanche. */
  step(now: Date, perMinute: number): void {
    const elapsed = now.getTime() - (this.#lastAt ?? now.getTime());
    this.#lastAt = now.getTime();
    this.#owed = perMinute === 0 ? 0 : this.#owed + (Math.max(0, Math.min(elapsed, 60_000)) * perMinute) / 60_000;
    for (; this.#owed >= 1; this.#owed -= 1) this.#happen(now.getTime());
  }

  #happen(now: number): void {
    if (this.#roll() < 0.25 || !this.#advance(now)) this.#arrive(now);
  }

  /** Somebody moves a record on; false when there is none that could. */
  #advance(now: number): boolean {
    const type = pick(this.#roll, [deals, deals, leads, contacts]);
    const open = this.#staff.portal
      .of(type)
      .filter((record) => record.archivedAt === undefined && this.#next(record, () => 0));
    const record = pick(this.#roll, open);
    const stage = record && this.#next(record, this.#roll);
    if (!record || !stage) return false;
    this.#staff.move(record, stage, {
      at: now,
      stamp: now,
      source: pick(this.#roll, ["CRM_UI", "CRM_UI", "WORKFLOWS"]),
    });
    return true;
  }

  /** Somebody fills in a form; for some, sales opens a lead or a deal at once. */
  #arrive(now: number): void {
    const stage = this.#roll() < 0.15 ? "subscriber" : "lead";
    const contact = this.#staff.contact(this.#staff.somebody(), stage, { at: now, stamp: now, source: "FORM" });
    const written = { at: now, stamp: now, source: "CRM_UI" };
    const chance = this.#roll();
    const type = chance < 0.35 ? leads : chance < 0.7 ? deals : undefined;
    if (!type) return;
    const first = pick(this.#roll, this.#staff.pipelines.of(type.id)).stages[0];
    if (first) this.#staff.record(type, [contact], first.id, amount(this.#roll), written);
  }

  #next(record: CrmRecord, roll: Dice): string | undefined {
    const type = typeOf(record.type);
    const current = currentValue(record, type.stage) ?? "";
    const stages = this.#staff.pipelines.stage(type.id, current)?.pipeline.stages ?? [];
    return nextStage(stages, current, roll);
  }
}
