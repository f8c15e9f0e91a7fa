/** The nouns. Ids are always strings, instants are `Date`s called `…At`, durations are numbers called `…Ms`. */

export type TenantId = string & { readonly brand: "ten" };
export type ConnectionId = string & { readonly brand: "con" };
export type PersonId = string & { readonly brand: "usr" };
export type DatasetId = string & { readonly brand: "dst" };
/** Identity of an event at Meta (`event_id`): 32 hexadecimal digits, a function of the stage entry. */
export type EventId = string & { readonly brand: "evt" };

/** A customer's workspace and what it decided for all its connections. */
export interface Tenant {
  readonly id: TenantId;
  readonly name: string;
  /** Secret bytes (hex) that make event ids unguessable; never leaves the store. */
  readonly eventKey: string;
  /** ISO 3166-1 alpha-2, upper case: the country of phone numbers that name none. */
  readonly defaultCountry?: string;
  /** Which contact data may be sent beside the lead id. */
  readonly allowedKeys: readonly MatchKey[];
  /** Mail addresses that hear of problems. */
  readonly alertTo: readonly string[];
}

/** One CRM account of a tenant. */
export interface Connection {
  readonly tenantId: TenantId;
  readonly id: ConnectionId;
  /** Which connector reads it: `hubspot`, `salesforce`, `http` … */
  readonly connector: string;
  /** The account's id at the vendor: HubSpot's hub id, Salesforce's organization id. */
  readonly accountId: string;
  readonly name: string;
  /** Validated by the connector's own schema. Holds no secret. */
  readonly config: unknown;
  /** Where its events go; absent until Meta is connected. */
  readonly datasetId?: DatasetId;
  /** Entries before this instant are kept, not sent. Absent: not live, nothing is sent. */
  readonly sendFrom?: Date;
  readonly pausedReason?: string;
}

/** Meta's word for where events go. */
export interface Dataset {
  readonly tenantId: TenantId;
  readonly id: DatasetId;
  /** Meta's number of the dataset, as text. */
  readonly metaId: string;
  readonly name: string;
}

export interface Pipeline {
  readonly id: string;
  readonly label: string;
  /** The kind of record that moves through it: `deal`, `contact`, `lead`, `opportunity`. */
  readonly object: string;
  /** In the CRM's order. */
  readonly stages: readonly Stage[];
}

export interface Stage {
  readonly id: string;
  readonly label: string;
  readonly outcome: "open" | "won" | "lost";
  readonly active: boolean;
}

export interface RecordRef {
  readonly object: string;
  readonly id: string;
}

/**
 * How well the moment of entry is known: from the CRM's own history (`exact`), only its day (`day`), the record's last
 * modification (`modified`), or when we saw it (`observed`).
 */
export type TimeQuality = "exact" | "day" | "modified" | "observed";

/** Record X is in stage S since T, as the CRM says. */
export interface StageObservation {
  readonly record: RecordRef;
  /** Ids, never labels. */
  readonly pipelineId: string;
  readonly stageId: string;
  readonly enteredAt: Date;
  readonly timeQuality: TimeQuality;
  /** Orders observations of one record that name the same instant. */
  readonly version?: string;
  /** The opportunity's lead: the record it came from. */
  readonly parent?: RecordRef;
  readonly gone?: "deleted" | "merged" | "blocked";
}

/** One entry of one record into one stage: what the ledger knows, once, for ever. */
export interface StageEntry {
  readonly record: RecordRef;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly enteredAt: Date;
  readonly timeQuality: TimeQuality;
  /** Tells entries into the same stage apart: `t<milliseconds>` where the CRM keeps history, else `n<ordinal>`. */
  readonly entry: string;
  /** True where the lead jumped over this stage and it is sent so that Meta sees every earlier stage. */
  readonly filled: boolean;
}

/** A stage entry that is new to us. */
export interface StageChange extends StageEntry {
  /** Whether the record was in this stage before: never, really, or only in that we sent it as skipped. */
  readonly before: "never" | "entered" | "filled";
  readonly parent?: RecordRef;
}

/** Meta's names for contact data (customer information parameters). */
export const matchKeyNames = ["em", "ph", "fn", "ln", "ct", "st", "zp", "country", "db", "ge", "external_id"] as const;
export type MatchKey = (typeof matchKeyNames)[number];

/** A person as the CRM holds them: plain values, each key may have several. Lives in memory only. */
export interface Lead {
  /** The Meta lead id as found in the CRM; cleaned and checked before use. */
  readonly leadId?: string;
  /** Raw `fbclid` or ready `fbc`, and when it was first seen. */
  readonly clickId?: string;
  readonly clickSeenAt?: Date;
  readonly contact: Readonly<Partial<Record<MatchKey, readonly string[]>>>;
  /** Values of these keys are SHA-256 already. */
  readonly hashed?: readonly MatchKey[];
  /** When the lead came into being: Meta's own time where known, else the CRM's. */
  readonly createdAt?: Date;
  /** The answer of the consent field, if one is named. */
  readonly consent?: boolean;
  /** As found in the CRM; checked before use. */
  readonly value?: { readonly amount: number; readonly currency?: string };
}

/** Which CRM fields hold what; chosen by the admin, part of a connection's config. */
export interface LeadFields {
  readonly leadId?: string;
  readonly clickId?: string;
  readonly consent?: string;
  /** The number field that says what a record is worth, by the kind of record: `deal`, `opportunity` … */
  readonly value?: Readonly<Record<string, string>>;
  /** Keys whose CRM fields hold SHA-256 already. */
  readonly hashed?: readonly MatchKey[];
}

export interface StageRule {
  readonly pipelineId: string;
  readonly stageId: string;
  /** Its place in the funnel: rises within a pipeline. */
  readonly position: number;
  readonly outcome: Stage["outcome"];
  /** What Meta receives as `event_name`. */
  readonly eventName: string;
  readonly send: boolean;
  /** Send only a lead's first entry into the stage, or every one. */
  readonly entries: "first" | "every";
  /** What the CRM called the stage and its pipeline when this was saved: for people to read, also once they are deleted. */
  readonly label?: string;
  readonly pipelineLabel?: string;
}

/** The stage-mapping table of one connection. Immutable: a save makes the next version. */
export interface StageMapping {
  readonly version: number;
  readonly rules: readonly StageRule[];
  /** Also send the open stages that a lead jumped over. */
  readonly fillSkipped: boolean;
  /** Send the record's value and currency with the event. */
  readonly sendValue: boolean;
}

/** What Meta receives: exactly the payload of the Conversion Leads specification (reference: Meta, "Conversion Leads payload"). */
export interface CrmEvent {
  readonly event_name: string;
  /** Unix seconds. */
  readonly event_time: number;
  readonly event_id: EventId;
  readonly action_source: "system_generated";
  readonly user_data: UserData;
  readonly custom_data: {
    readonly event_source: "crm";
    readonly lead_event_source: string;
    readonly value?: number;
    readonly currency?: string;
  };
}

/** Who the event is about. `lead_id` is digits here and an exact JSON integer on the wire; contact keys are SHA-256 hex. */
export interface UserData extends Readonly<Partial<Record<MatchKey, readonly string[]>>> {
  readonly lead_id?: string;
  readonly fbc?: string;
}
