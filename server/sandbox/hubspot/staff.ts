import { type Person, person } from "../people.ts";
import type { Associations } from "./associations.ts";
import { type ObjectType, objectType, typeOf } from "./objects.ts";
import { LIFECYCLE, type Pipelines } from "./pipelines.ts";
import type { Portal, Written } from "./portal.ts";
import { type CrmRecord, currentValue } from "./record.ts";

export const contacts = objectType("contact");
export const deals = objectType("deal");
export const leads = objectType("lead");

/** The people who work in this portal: what they can do with contacts, deals and leads. */
export class Staff {
  readonly portal: Portal;
  readonly pipelines: Pipelines;
  readonly associations: Associations;
  readonly #seed: string;

  constructor(world: { portal: Portal; pipelines: Pipelines; associations: Associations; seed: string }) {
    this.portal = world.portal;
    this.pipelines = world.pipelines;
    this.associations = world.associations;
    this.#seed = world.seed;
  }

  somebody(part: Partial<Person> = {}): Person {
    return { ...person(`hubspot:${this.#seed}`, this.portal.count("person")), ...part };
  }

  contact(someone: Person, stage: string, written: Written): CrmRecord {
    return this.#create(contacts, contactValues(someone, stage), written);
  }

  /** A deal or lead with its contacts, the primary one first. */
  record(type: ObjectType, people: readonly CrmRecord[], stage: string, amount: string, written: Written): CrmRecord {
    const pipeline = this.pipelineOf(type, stage);
    const [first] = people;
    const name = first ? `${currentValue(first, "company") ?? "Unnamed"}` : "Unnamed";
    const values: Record<string, string> =
      type === deals
        ? {
            dealname: `${name}: ${stage === "1167445770" ? "project" : "new business"}`,
            amount,
            deal_currency_code: "USD",
            ...contractOf(amount),
          }
        : {
            hs_lead_name: name,
            hs_lead_type: "NEW_BUSINESS",
            hs_primary_contact_id: first?.id ?? "",
            expected_value: amount,
          };
    const record = this.#create(type, { ...values, [type.pipeline ?? ""]: pipeline, [type.stage]: stage }, written);
    for (const each of people) this.link(record, each, type === leads && each === first, written);
    return record;
  }

  link(record: CrmRecord, contact: CrmRecord, primary: boolean, written: Written): void {
    const typeId = this.associations.link(record, contact, primary);
    this.portal.linked(record, { type: contact.type, id: contact.id, typeId }, written);
  }

  /** Into another stage, if need be of another pipeline. A contact's lifecycle goes back only after it was cleared. */
  move(record: CrmRecord, stage: string, written: Written, pipelineId?: string): CrmRecord {
    const type = typeOf(record.type);
    if (!type.pipeline)
      return this.portal.write(record, { [type.stage]: stage }, written, this.#goesBack(record, stage));
    const pipeline = pipelineId ?? this.pipelineOf(type, stage);
    return this.portal.write(record, { [type.pipeline]: pipeline, [type.stage]: stage }, written);
  }

  pipelineOf(type: ObjectType, stage: string): string {
    const found = this.pipelines.stage(type.id, stage);
    if (!found) throw new Error(`${type.name} has no stage "${stage}"`);
    return found.pipeline.id;
  }

  #create(type: ObjectType, values: Readonly<Record<string, string>>, written: Written): CrmRecord {
    return this.portal.create(type, [values], written)[0] as CrmRecord;
  }

  #goesBack(record: CrmRecord, stage: string): boolean {
    const stages = this.pipelines.of(contacts.id).find(({ id }) => id === LIFECYCLE)?.stages ?? [];
    const place = (value: string | undefined) => stages.findIndex(({ id }) => id === value);
    return place(stage) < place(currentValue(record, contacts.stage));
  }
}

/** What else is written of a contract: not of every one, and a small one loses money in its first year. */
function contractOf(amount: string): Readonly<Record<string, string>> {
  const whole = Math.round(Number(amount));
  if (whole % 500 === 0) return {};
  const months = [6, 12, 24][whole % 3] ?? 12;
  return {
    hs_acv: ((whole / months) * 12).toFixed(2),
    hs_tcv: amount,
    contract_months: String(months),
    first_year_margin: (whole * 0.4 - 900).toFixed(2),
  };
}

export const contactValues = (someone: Person, stage: string): Readonly<Record<string, string>> => ({
  firstname: someone.firstName,
  lastname: someone.lastName,
  email: someone.email,
  phone: someone.phone,
  company: someone.company,
  city: someone.city,
  state: someone.state,
  zip: someone.zip,
  country: someone.country,
  meta_lead_id: someone.metaLeadId,
  hs_facebook_click_id: someone.fbclid,
  hs_analytics_source: someone.metaLeadId ? "PAID_SOCIAL" : "DIRECT_TRAFFIC",
  hs_lead_status: "NEW",
  ads_consent: someone.metaLeadId && "true",
  lifecyclestage: stage,
});
