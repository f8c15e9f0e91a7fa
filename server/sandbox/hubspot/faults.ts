import { randomUUID } from "node:crypto";
import type { Faults } from "../simulator.ts";
import { type Answer, errorBody, missingScopes, overLimit } from "./answer.ts";

/** Counts a fault down: the fault for this request, if it still lasts. */
export class FaultSwitch {
  #faults: Faults = {};

  set(faults: Faults): void {
    this.#faults = { ...faults };
  }
  get now(): Faults {
    return this.#faults;
  }
  take(): Faults {
    const { times } = this.#faults;
    if (times === undefined) return this.#faults;
    if (times <= 0) return {};
    this.#faults.times = times - 1;
    return this.#faults;
  }
}

/** A body of HubSpot's kind for a status (docs: error-handling). */
export function faultAnswer(status: number): Answer {
  if (status === 401)
    return {
      status,
      body: errorBody("EXPIRED_AUTHENTICATION", "The OAuth token used to make this call expired 1 minute(s) ago."),
    };
  if (status === 403) return missingScopes(["crm.objects.deals.read"]).answer;
  if (status === 423)
    return { status, body: errorBody("LOCKED", "Large volumes of data are being synced to this account.") };
  if (status === 429) return overLimit("TEN_SECONDLY_ROLLING");
  if (status === 477)
    return {
      status,
      body: errorBody("MIGRATION_IN_PROGRESS", "This account is being migrated."),
      headers: { "Retry-After": "3600" },
    };
  if (status === 500) return { status, body: errorBody("INTERNAL_ERROR", "internal error") };
  // The gateways in front answer in HTML.
  const text = `<!DOCTYPE html><html><head><title>${status}</title></head><body><h1>Error ${status}</h1><p>Ray ID: ${randomUUID()}</p></body></html>`;
  return { status, text, headers: { "content-type": "text/html; charset=utf-8" } };
}
