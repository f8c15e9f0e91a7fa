import type { Lead } from "../../core/types.ts";
import { diceOf } from "./chance.ts";

/** `stumbled_over`: Meta answers "unknown error" to every request that holds it. */
export type AtMeta = "known" | "lead_id_unknown" | "not_valid" | "stumbled_over";

/** The person behind a record, and what Meta thinks of its events. */
export interface Person {
  readonly lead?: Lead;
  /** What the CRM says of the person once somebody has attached them, or mended their data. */
  readonly later?: Lead;
  /** What Meta does with an event of this person. */
  readonly atMeta: AtMeta;
}

/** The same person for the same record, always. `since` is when the record's first stage was entered. */
export function personOf(seed: number, connection: string, record: string, since: number): Person {
  const dice = diceOf(seed, `person ${connection} ${record}`);
  const leadId = String(dice.between(1, 9)) + digits(dice.random, dice.between(14, 16));
  const email = `lead${record}@${connection.replace("_", "")}.example.com`;
  const createdAt = new Date(since - dice.between(0, 5_000));
  const lead: Lead = { leadId, contact: {}, createdAt };
  const useless: Lead = { leadId: "0", contact: {} };
  const known = { atMeta: "known" } as const;
  return dice.pick<Person>([
    { ...known, lead },
    { ...known, lead },
    { ...known, lead },
    { ...known, lead },
    { ...known, lead: { ...lead, contact: { em: [email] } } },
    { ...known, lead: { contact: { em: [email] } } },
    { ...known, lead: { ...lead, createdAt: new Date(since + dice.between(1, 120_000)) } },
    { ...known, lead: { ...lead, consent: dice.chance(0.5) } },
    { ...known, later: lead },
    { ...known, later: { ...lead, contact: { em: [email] } } },
    { ...known, later: { ...lead, consent: dice.chance(0.7) } },
    { ...known, lead: useless, later: lead },
    { ...known, lead: useless },
    known,
    { atMeta: "lead_id_unknown", lead },
    { atMeta: "lead_id_unknown", lead: { ...lead, contact: { em: [email] } } },
    { atMeta: "not_valid", lead },
    { atMeta: "not_valid", later: lead },
  ]);
}

const digits = (random: () => number, count: number): string =>
  Array.from({ length: count }, () => String(Math.floor(random() * 10))).join("");
