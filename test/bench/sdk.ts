import { createRequire } from "node:module";
import type { Lead } from "../../core/types.ts";

/** What of Meta's own SDK is used here; the package brings no types of its own. */
interface Sdk {
  FacebookAdsApi: { GRAPH: string };
  EventRequest: new (token: string, dataset: string) => EventRequest;
  BatchProcessor: new (
    size: number,
    concurrency: number,
  ) => { processEvents(request: EventRequest, events: readonly ServerEvent[]): Promise<void> };
  UserData: new () => Chain;
  CustomData: new () => Chain;
  ServerEvent: new () => ServerEvent;
}
interface Chain {
  [setter: string]: (value: unknown) => Chain;
}
export type ServerEvent = Chain & { readonly brand?: "event" };
export type EventRequest = Chain & { execute(): Promise<unknown> };

/** Meta's SDK, sending to `origin` instead of graph.facebook.com. */
export function metaSdk(origin: string): Sdk {
  const meta = createRequire(import.meta.url)("facebook-nodejs-business-sdk") as Sdk;
  Object.defineProperty(meta.FacebookAdsApi, "GRAPH", { configurable: true, get: () => origin });
  return meta;
}

/** One event, made as the SDK's own examples make it. */
export function sdkEvent(
  meta: Sdk,
  { contact, leadId }: Pick<Lead, "contact" | "leadId">,
  id: string,
  time: number,
): ServerEvent {
  const user = new meta.UserData();
  if (contact.em) user.setEmails?.(contact.em);
  if (contact.ph) user.setPhones?.(contact.ph);
  user.setLeadId?.(leadId);
  const custom = new meta.CustomData();
  custom.setCustomProperties?.({ event_source: "crm", lead_event_source: "HubSpot" });
  const event = new meta.ServerEvent();
  event.setEventName?.("New");
  event.setEventTime?.(time);
  event.setEventId?.(id);
  event.setActionSource?.("system_generated");
  event.setUserData?.(user);
  event.setCustomData?.(custom);
  return event;
}
