import { checkEvent, type World, whyNotCounted } from "./check-event.ts";
import { graphError } from "./errors.ts";
import type { GraphRequest } from "./graph-request.ts";
import type { ReceivedEvent } from "./received.ts";

/** https://developers.facebook.com/docs/marketing-api/conversions-api/using-the-api */
const MOST_EVENTS = 1000;

/** The events of a request, when every one of them is valid; else throws Meta's refusal of them all. */
export function checkRequest(request: GraphRequest, world: World): ReceivedEvent[] {
  if (request.malformed !== undefined) throw graphError("parameter", `(#100) ${request.malformed}`);
  const { data, partner_agent: agent, test_event_code: code } = request.params;
  if (!Array.isArray(data)) throw graphError("parameter", "(#100) param data must be an array", "data");
  if (data.length === 0 || data.length > MOST_EVENTS)
    throw graphError("parameter", `(#100) param data must hold 1 to ${MOST_EVENTS} events`, "data");
  if (isGiven(agent) && !isAgent(agent))
    throw graphError(
      "parameter",
      "(#100) param partner_agent needs two letters and fewer than 23 characters",
      "partner_agent",
    );
  if (isGiven(code) && (typeof code !== "string" || code === "" || code.length > 64))
    throw graphError("parameter", "(#100) param test_event_code must be a string", "test_event_code");
  return data.map((each, index) => {
    const event = checkEvent(each, index, world);
    return {
      raw: request.elements[index] ?? "",
      name: String(event.event_name),
      leadEventSource: text(event.custom_data, "lead_event_source"),
      eventId: text(event, "event_id"),
      notCounted: whyNotCounted(event),
    };
  });
}

/** Clients that send every parameter they know send null for those not set. */
const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

const isAgent = (agent: unknown): boolean =>
  typeof agent === "string" && agent.length < 23 && agent.replace(/[^A-Za-z]/g, "").length >= 2;

function text(parent: unknown, key: string): string | null {
  const value = typeof parent === "object" && parent !== null ? Reflect.get(parent, key) : undefined;
  return typeof value === "string" ? value : null;
}
