import type { HttpAnswer } from "../ports.ts";

/** How much of Meta's request limits is used: the highest percentage that it names, and how long it takes nothing more. */
export interface Usage {
  readonly percent: number;
  readonly restMs?: number;
}

/** Meta's blocks last minutes, seldom hours: what is longer is an odd header. */
const longestRestMs = 86_400_000;

/**
 * Reads the usage headers (Meta, "Rate Limits": X-Business-Use-Case-Usage, X-App-Usage, X-Ad-Account-Usage). Any of them may
 * be absent or odd: what is no number counts as nothing.
 */
export function usageOf(headers: HttpAnswer["headers"]): Usage | undefined {
  const businesses = headers["x-business-use-case-usage"] ?? headers["x-business-use-case"];
  const parts = [
    ...Object.values(object(businesses)).flatMap((uses) => (Array.isArray(uses) ? uses.map(object) : [])),
    object(headers["x-app-usage"]),
    object(headers["x-ad-account-usage"]),
  ];
  const highest = (...names: readonly string[]): number =>
    Math.max(0, ...parts.flatMap((part) => names.map((name) => number(part[name]))));
  const percent = highest("call_count", "total_cputime", "total_time", "acc_id_util_pct");
  const restMs = Math.min(longestRestMs, highest("estimated_time_to_regain_access") * 60_000);
  if (percent === 0 && restMs === 0) return undefined;
  return { percent, ...(restMs > 0 && { restMs }) };
}

/** When Meta asks us to come back: `Retry-After` (seconds or a date), else the end of the longest lock-out. */
export function comeBack({ headers }: HttpAnswer, usage: Usage | undefined, now: Date): Date | undefined {
  const after = headers["retry-after"]?.trim();
  const seconds = after ? Number(after) : Number.NaN;
  const askedMs = Number.isNaN(seconds) ? Date.parse(after ?? "") - now.getTime() : seconds * 1000;
  const restMs = Number.isNaN(askedMs) ? usage?.restMs : askedMs;
  if (restMs === undefined || restMs <= 0) return undefined;
  return new Date(now.getTime() + Math.min(restMs, longestRestMs));
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  const parsed = typeof value === "string" ? parse(value) : value;
  return typeof parsed === "object" && parsed !== null ? (parsed as Readonly<Record<string, unknown>>) : {};
}

const number = (value: unknown): number => (typeof value === "number" && Number.isFinite(value) ? value : 0);

/** Undefined for what is not JSON. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller goes on with what else it knows
  }
}
