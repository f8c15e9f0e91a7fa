import { z } from "zod";
import { Failure } from "../../core/errors.ts";
import type { HttpAnswer } from "../../core/ports.ts";

/** Every field of HubSpot's error envelope is optional. https://developers.hubspot.com/docs/api-reference/error-handling */
const envelope = z.object({
  category: z.string().max(100).optional().catch(undefined),
  policyName: z.string().max(100).optional().catch(undefined),
  correlationId: z.string().max(100).optional().catch(undefined),
  errors: z
    .array(z.object({ context: z.object({ requiredGranularScopes: z.array(z.string().max(100)) }) }))
    .optional()
    .catch(undefined),
});

const secondMs = 1000;
const hourMs = 3_600_000;

/** What an answer that is not a success means. Takes names and ids from it, never its sentences: those may quote values. */
export function refusal({ status, headers, text }: HttpAnswer, where: string, now: Date): Failure {
  const error = envelope.parse(readJson(text) ?? {});
  const detail = [`${status} at ${where}`, error.category ?? error.policyName, error.correlationId]
    .filter(Boolean)
    .join(", ");
  const later = (fallbackMs: number) => ({ retryAt: retryAt(headers["retry-after"], fallbackMs, now) });

  if (status === 401) return new Failure("crm_token_stale", detail);
  if (status === 403) {
    const scopes = error.errors?.flatMap(({ context }) => context.requiredGranularScopes) ?? [];
    return new Failure("crm_forbidden", scopes.length > 0 ? `${detail}; missing scope ${scopes.join(", ")}` : detail);
  }
  if (status === 429) return new Failure("crm_limit", detail, later(limitMs(error.policyName, headers)));
  // 423: the record is locked, come back after 2 s. 477: the account is moving to another region; Retry-After up to a day.
  if (status === 423) return new Failure("crm_unavailable", detail, later(2 * secondMs));
  if (status === 477) return new Failure("crm_unavailable", detail, later(hourMs));
  if (status >= 500) return new Failure("crm_unavailable", detail, later(5 * secondMs));
  if (status >= 300 && status < 400) return new Failure("crm_unavailable", `${detail}, a redirect`);
  return new Failure("crm_schema", detail);
}

/** How long a limit lasts. Marketplace apps have no daily one, but its answer is documented. */
function limitMs(policy: string | undefined, headers: Readonly<Record<string, string>>): number {
  if (policy === "DAILY") return hourMs;
  if (policy === "SECONDLY") return secondMs;
  const interval = Number(headers["x-hubspot-ratelimit-interval-milliseconds"]);
  return interval > 0 && interval <= hourMs ? interval : 10 * secondMs;
}

/** `Retry-After` is seconds or an HTTP date (RFC 9110 §10.2.3). */
function retryAt(header: string | undefined, fallbackMs: number, now: Date): Date {
  if (header !== undefined && /^\d{1,6}$/.test(header)) return new Date(now.getTime() + Number(header) * secondMs);
  const date = header === undefined ? Number.NaN : Date.parse(header);
  return new Date(Number.isNaN(date) ? now.getTime() + fallbackMs : date);
}

function readJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // a gateway's HTML page: its status says enough
  }
}
