import type { MappingIndex } from "./mapping.ts";
import { clickId } from "./meta/click-id.ts";
import { eventId, isMatchable } from "./meta/event.ts";
import { leadId } from "./meta/lead-id.ts";
import { limits } from "./meta/limits.ts";
import { matchKeys } from "./meta/match-keys.ts";
import type { SkipReason } from "./problems.ts";
import type { Connection, CrmEvent, Lead, StageChange, Tenant, UserData } from "./types.ts";

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

/** The event that a stage change becomes, or the first rule that says why it becomes none. Total: never throws. */
export function translate(change: StageChange, lead: Lead | undefined, setting: Setting, now: Date): Translation {
  const reason = gate(change, setting, now);
  if (reason) return skip(reason);
  if (!lead) return skip("lead_not_found");
  if (lead.consent === false) return skip("no_consent");
  if (lead.createdAt && seconds(change.enteredAt) < seconds(lead.createdAt)) return skip("before_lead_created");
  const { data, dropped } = userData(lead, setting, now);
  if (!isMatchable(data)) return skip("no_match_key", dropped);
  const rule = setting.mapping.rule(change.pipelineId, change.stageId);
  if (!rule) return skip("stage_not_mapped");
  const value = setting.mapping.mapping.sendValue ? lead.value : undefined;
  const event: CrmEvent = {
    event_name: rule.eventName,
    event_time: seconds(change.enteredAt),
    event_id: eventId(setting.tenant.eventKey, setting.connection.id, change),
    action_source: "system_generated",
    user_data: data,
    custom_data: {
      event_source: "crm",
      lead_event_source: setting.leadEventSource,
      ...(value && { value: value.amount, currency: value.currency }),
    },
  };
  return { outcome: "send", event, dropped };
}

/** The rules that can be told without knowing the person; whoever passes them is worth looking up. */
export function gate(
  change: StageChange,
  { mapping, connection, firstReading }: Setting,
  now: Date,
): SkipReason | undefined {
  const rule = mapping.rule(change.pipelineId, change.stageId);
  const at = change.enteredAt.getTime();
  if (!rule) return "stage_not_mapped";
  if (!rule.send) return "stage_ignored";
  if (change.before === "filled") return "sent_as_filled";
  if (change.before === "entered" && rule.entries === "first") return "entered_again";
  if (at < limits.earliest) return "implausible_time";
  if (at > now.getTime() + limits.aheadMs) return "in_future";
  if (firstReading && change.timeQuality !== "exact") return "first_reading";
  if (!connection.sendFrom) return "not_live";
  if (at < connection.sendFrom.getTime()) return "before_live";
  if (now.getTime() > at + limits.maxAgeMs - limits.ageMarginMs) return "too_old";
  return undefined;
}

function userData(lead: Lead, { tenant }: Setting, now: Date): { data: UserData; dropped: readonly string[] } {
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
const skip = (reason: SkipReason, dropped = none): Translation => ({
  outcome: "skip",
  reason,
  dropped,
});
const seconds = (instant: Date): number => Math.floor(instant.getTime() / 1000);
