import type { MappingIndex } from "./mapping.ts";
import { clickId } from "./meta/click-id.ts";
import { breach, eventId, isMatchable } from "./meta/event.ts";
import { leadId } from "./meta/lead-id.ts";
import { limits } from "./meta/limits.ts";
import { matchKeys } from "./meta/match-keys.ts";
import { worth } from "./meta/worth.ts";
import type { SkipReason } from "./problems.ts";
import type { Connection, CrmEvent, Lead, StageChange, StageRule, Tenant, UserData } from "./types.ts";

/** What a translation depends on beside the change and its lead. */
export interface Setting {
  readonly tenant: Pick<Tenant, "eventKey" | "defaultCountry" | "allowedKeys">;
  readonly connection: Pick<Connection, "id" | "sendFrom">;
  /** The CRM's name as Meta receives it: `HubSpot`. */
  readonly leadEventSource: string;
  readonly mapping: MappingIndex;
  /** The account is read for the first time: a stage without history was entered nobody knows when. */
  readonly firstReading?: boolean;
}

export type Translation =
  | { readonly outcome: "send"; readonly event: CrmEvent; readonly dropped: readonly string[] }
  | { readonly outcome: "skip"; readonly reason: SkipReason; readonly dropped: readonly string[] };

/** How one rule answers; `unreached`: an earlier one fails, and without it this one cannot be judged. */
export interface RuleAnswer {
  readonly rule: SkipReason;
  readonly answer: "ok" | "fails" | "unreached";
}

/** The event that a stage change becomes, or the first rule that says why it becomes none. Total: never throws. */
export function translate(change: StageChange, lead: Lead | undefined, setting: Setting, now: Date): Translation {
  const about = new Question(change, lead, setting, now);
  const reason = firstFailing(stageRules, about) ?? firstFailing(personRules, about);
  const { event, dropped } = about;
  return reason || !event
    ? { outcome: "skip", reason: reason ?? "event_invalid", dropped }
    : { outcome: "send", event, dropped };
}

/** The rules that can be told without knowing the person; whoever passes them is worth looking up. */
export function gate(change: StageChange, setting: Setting, now: Date): SkipReason | undefined {
  return firstFailing(stageRules, new Question(change, undefined, setting, now));
}

/** Every rule in its order, each with its answer: `translate` stops at the first that fails. */
export function rulesOf(
  change: StageChange,
  lead: Lead | undefined,
  setting: Setting,
  now: Date,
): readonly RuleAnswer[] {
  const about = new Question(change, lead, setting, now);
  return [...stageRules, ...personRules].map(([rule, holds]) => {
    const answer = holds(about);
    return { rule, answer: answer === undefined ? "unreached" : answer ? "ok" : "fails" };
  });
}

/** One change and all that the rules ask about it. What the last ones look at costs most, so it is made when first asked for. */
class Question {
  readonly change: StageChange;
  readonly lead: Lead | undefined;
  readonly setting: Setting;
  readonly now: Date;
  /** The stage's row of the mapping. */
  readonly row: StageRule | undefined;
  /** When the stage was entered, in milliseconds. */
  readonly at: number;
  #person: Person | undefined;
  #event: CrmEvent | undefined;

  constructor(change: StageChange, lead: Lead | undefined, setting: Setting, now: Date) {
    this.change = change;
    this.lead = lead;
    this.setting = setting;
    this.now = now;
    this.row = setting.mapping.rule(change.pipelineId, change.stageId);
    this.at = change.enteredAt.getTime();
  }
  get person(): Person | undefined {
    if (this.lead) this.#person ??= personOf(this.lead, this.setting, this.now);
    return this.#person;
  }
  /** What the CRM holds and is left out, as far as anybody has looked. */
  get dropped(): readonly string[] {
    if (!this.#person || !this.lead) return none;
    const { dropped } = this.#person;
    const value = worthOf(this.lead, this.setting);
    return value && "dropped" in value ? [...dropped, value.dropped] : dropped;
  }
  get event(): CrmEvent | undefined {
    const { change, lead, setting, row, person } = this;
    if (lead && row && person) this.#event ??= eventOf(change, lead, setting, row, person.data);
    return this.#event;
  }
}

/** What holds if a change is to be sent, under the reason that is given where it does not; undefined: cannot be told. */
type Rule = readonly [reason: SkipReason, holds: (about: Question) => boolean | undefined];

const stageRules: readonly Rule[] = [
  ["stage_not_mapped", ({ row }) => row !== undefined],
  ["stage_ignored", ({ row }) => row?.send],
  ["sent_as_filled", ({ change }) => change.before !== "filled"],
  ["entered_again", ({ change, row }) => change.before !== "entered" || (row && row.entries === "every")],
  ["implausible_time", ({ at }) => at >= limits.earliest],
  ["in_future", ({ at, now }) => at <= now.getTime() + limits.aheadMs],
  ["first_reading", ({ change, setting }) => !setting.firstReading || change.timeQuality === "exact"],
  ["not_live", ({ setting }) => setting.connection.sendFrom !== undefined],
  ["before_live", ({ at, setting: { connection } }) => connection.sendFrom && at >= connection.sendFrom.getTime()],
  ["too_old", ({ at, now }) => now.getTime() <= at + limits.maxAgeMs - limits.ageMarginMs],
];

const personRules: readonly Rule[] = [
  ["lead_not_found", ({ lead }) => lead !== undefined],
  ["no_consent", ({ lead }) => lead && lead.consent !== false],
  [
    "before_lead_created",
    ({ lead, change }) => lead && (!lead.createdAt || seconds(change.enteredAt) >= seconds(lead.createdAt)),
  ],
  ["no_match_key", ({ person }) => person && isMatchable(person.data)],
  [
    "event_invalid",
    ({ event, person }) => (event && person && isMatchable(person.data) ? breach(event) === undefined : undefined),
  ],
];
/** The rules that only the person's data answer. */
export const askPerson: ReadonlySet<SkipReason> = new Set(personRules.map(([reason]) => reason));

function firstFailing(rules: readonly Rule[], about: Question): SkipReason | undefined {
  for (const [reason, holds] of rules) if (!holds(about)) return reason;
  return undefined;
}

function eventOf(change: StageChange, lead: Lead, setting: Setting, row: StageRule, data: UserData): CrmEvent {
  const { tenant, connection, leadEventSource } = setting;
  const value = worthOf(lead, setting);
  return {
    event_name: row.eventName,
    event_time: seconds(change.enteredAt),
    event_id: eventId(tenant.eventKey, connection.id, change),
    action_source: "system_generated",
    user_data: data,
    custom_data: {
      event_source: "crm",
      lead_event_source: leadEventSource,
      ...(value && "worth" in value && { value: value.worth.amount, currency: value.worth.currency }),
    },
  };
}

/** What the record is worth, where the mapping has it sent. */
export const worthOf = ({ value }: Lead, { mapping }: Pick<Setting, "mapping">): ReturnType<typeof worth> =>
  mapping.mapping.sendValue ? worth(value) : undefined;

/** Whom the event is about, as Meta takes it, and what had to be left out, as `key:why`. */
interface Person {
  readonly data: UserData;
  readonly dropped: readonly string[];
}

export function personOf(lead: Lead, { tenant }: Pick<Setting, "tenant">, now: Date): Person {
  const { keys, dropped } = matchKeys(lead, tenant);
  const id = leadId(lead.leadId);
  const click = clickId(lead.clickId, lead.clickSeenAt ?? lead.createdAt, now);
  const data: { -readonly [Key in keyof UserData]: UserData[Key] } = keys;
  if (id && "leadId" in id) data.lead_id = id.leadId;
  if (click && "fbc" in click) data.fbc = click.fbc;
  const badId = id && "dropped" in id ? [id.dropped] : none;
  const badClick = click && "dropped" in click ? [click.dropped] : none;
  return { data, dropped: badId === badClick ? dropped : [...dropped, ...badId, ...badClick] };
}

const none: readonly string[] = [];
const seconds = (instant: Date): number => Math.floor(instant.getTime() / 1000);
