import { z } from "zod";
import type { HttpAnswer } from "../ports.ts";
import type { BlockReason, DelayReason, RefusalReason } from "../problems.ts";

/** What Meta said, kept for support and for the admin. `words` may be in any language and may echo input: show, never log. */
export interface AnswerFacts {
  readonly status?: number;
  readonly code?: number;
  readonly subcode?: number;
  readonly traceId?: string;
  readonly words?: string;
}

/** What one request came to. */
export type Verdict = AnswerFacts &
  (
    | { readonly verdict: "accepted"; readonly received?: number }
    /** Nothing was taken; the same request again, not before `at`. `suspect`: one event may be what makes Meta stumble. */
    | { readonly verdict: "retry"; readonly why: DelayReason; readonly at?: Date; readonly suspect?: boolean }
    /** Something in the request is not valid, and Meta took nothing of it. */
    | { readonly verdict: "refused"; readonly why: RefusalReason }
    /** Sent, no answer: it may have been taken. The same ids again. */
    | { readonly verdict: "unknown"; readonly why: DelayReason }
    /** Token, permission or dataset: everything of this dataset waits for a person. */
    | { readonly verdict: "blocked"; readonly why: BlockReason }
  );

/** Any 2xx means that the payload is valid; the count may be missing. */
const Success = z.looseObject({
  events_received: z.number().optional(),
  fbtrace_id: z.string().optional(),
  error: z.undefined().optional(),
});
const Refusal = z.looseObject({
  error: z.looseObject({
    code: z.number(),
    type: z.string().optional(),
    error_subcode: z.number().optional(),
    is_transient: z.boolean().optional(),
    error_user_title: z.string().optional(),
    error_user_msg: z.string().optional(),
    message: z.string().optional(),
    fbtrace_id: z.string().optional(),
  }),
});

/**
 * Reads Meta's answer by HTTP status, `code`, `error_subcode` and `is_transient`, never by its text (Meta, "Handle errors";
 * "Conversions API error codes").
 */
export function verdictOf(answer: HttpAnswer, now: Date): Verdict {
  const { status } = answer;
  const body = parse(answer.text);
  const success = Success.safeParse(body);
  if (status >= 200 && status < 300) {
    if (!success.success) return { verdict: "unknown", why: "meta_no_answer", status };
    const { events_received: received, fbtrace_id: traceId } = success.data;
    return { verdict: "accepted", status, ...(received !== undefined && { received }), ...(traceId && { traceId }) };
  }
  const at = comeBack(answer, now);
  const refusal = Refusal.safeParse(body);
  if (!refusal.success) return withoutEnvelope(status, at);
  const { error } = refusal.data;
  const facts: AnswerFacts = {
    status,
    code: error.code,
    ...(error.error_subcode !== undefined && { subcode: error.error_subcode }),
    ...(error.fbtrace_id && { traceId: error.fbtrace_id }),
    ...words(error),
  };
  // Meta says so of a wrong or missing appsecret_proof: nothing in the events is wrong.
  if (error.code === 100 && error.error_subcode === undefined && error.type === "GraphMethodException")
    return { ...facts, verdict: "blocked", why: "meta_proof" };
  return { ...facts, ...judge(status, error.code, error.error_subcode, error.is_transient === true, at, now) };
}

type Judgement =
  | { verdict: "retry"; why: DelayReason; at?: Date; suspect?: boolean }
  | { verdict: "refused"; why: RefusalReason }
  | { verdict: "blocked"; why: BlockReason };

function judge(
  status: number,
  code: number,
  subcode: number | undefined,
  transient: boolean,
  at: Date | undefined,
  now: Date,
): Judgement {
  const later = at && { at };
  const blocked = blockedCodes[code] ?? (code >= 200 && code <= 299 ? "meta_permission" : undefined);
  if (code === 100 && subcode === 33) return { verdict: "blocked", why: "meta_dataset" };
  if (transient) return { verdict: "retry", why: isLimit(code) ? "meta_limit" : "meta_down", ...later };
  if (isLimit(code)) return { verdict: "retry", why: "meta_limit", at: at ?? minutesFrom(now, limitPause[code] ?? 1) };
  if (code === 368) return { verdict: "retry", why: "meta_policy", at: at ?? minutesFrom(now, 15) };
  if (code === 1) return { verdict: "retry", why: "meta_down", suspect: true, ...later };
  if (code === 2) return { verdict: "retry", why: "meta_down", ...later };
  if (blocked) return { verdict: "blocked", why: blocked };
  if (code === 100) return { verdict: "refused", why: refusedBy[subcode ?? 0] ?? "refused_invalid" };
  if (status === 429) return { verdict: "retry", why: "meta_limit", ...later };
  if (status >= 500 || status === 408) return { verdict: "retry", why: "meta_down", ...later };
  return { verdict: "blocked", why: "meta_unclear" };
}

/** No error envelope: a proxy's page, an empty body, a gateway. */
function withoutEnvelope(status: number, at: Date | undefined): Verdict {
  const later = at && { at };
  if (status === 429) return { verdict: "retry", why: "meta_limit", status, ...later };
  // Not Meta's own words: a proxy or a gateway between us. It will pass, or somebody looks at the deadline that we show.
  return { verdict: "retry", why: "meta_down", status, ...later };
}

const isLimit = (code: number): boolean => code in limitPause || (code >= 80_000 && code <= 80_014);
/** Minutes to wait when Meta names none. */
const limitPause: Readonly<Record<number, number>> = { 4: 5, 17: 5, 32: 5, 341: 5, 613: 15 };
const blockedCodes: Readonly<Record<number, BlockReason>> = {
  3: "meta_permission",
  10: "meta_permission",
  102: "meta_token",
  104: "meta_proof",
  190: "meta_token",
  803: "meta_dataset",
  2500: "meta_token",
  2635: "meta_version",
};
const refusedBy: Readonly<Record<number, RefusalReason>> = {
  2804003: "expired",
  2804036: "refused_lead_id",
  2804050: "refused_keys",
};

/** When Meta asks us to come back: `Retry-After`, or the longest `estimated_time_to_regain_access` (minutes). */
function comeBack({ headers }: HttpAnswer, now: Date): Date | undefined {
  const after = headers["retry-after"];
  const seconds = Number(after);
  if (after && Number.isFinite(seconds)) return new Date(now.getTime() + seconds * 1000);
  if (after && !Number.isNaN(Date.parse(after))) return new Date(after);
  const minutes = usage(headers).minutes;
  return minutes > 0 ? minutesFrom(now, minutes) : undefined;
}

const Usage = z.record(
  z.string(),
  z.array(
    z.looseObject({
      call_count: z.number().optional(),
      total_cputime: z.number().optional(),
      total_time: z.number().optional(),
      estimated_time_to_regain_access: z.number().optional(),
    }),
  ),
);
const AppUsage = z.looseObject({
  call_count: z.number().optional(),
  total_cputime: z.number().optional(),
  total_time: z.number().optional(),
});

/** How much of the limits is used (percent), and for how long we are locked out (minutes). Any header may be absent or odd. */
export function usage(headers: HttpAnswer["headers"]): { percent: number; minutes: number } {
  const businesses = Usage.safeParse(parse(headers["x-business-use-case-usage"] ?? headers["x-business-use-case"]));
  const app = AppUsage.safeParse(parse(headers["x-app-usage"]));
  const parts = [
    ...(businesses.success ? Object.values(businesses.data).flat() : []),
    ...(app.success ? [app.data] : []),
  ];
  let percent = 0;
  let minutes = 0;
  for (const part of parts) {
    percent = Math.max(percent, part.call_count ?? 0, part.total_cputime ?? 0, part.total_time ?? 0);
    const lockedOut = "estimated_time_to_regain_access" in part ? Number(part.estimated_time_to_regain_access) : 0;
    minutes = Math.max(minutes, lockedOut || 0);
  }
  return { percent, minutes };
}

function words(error: z.infer<typeof Refusal>["error"]): { words?: string } {
  const text = [error.error_user_title, error.error_user_msg].filter(Boolean).join(": ") || error.message;
  return text ? { words: text.slice(0, 500) } : {};
}

const minutesFrom = (now: Date, minutes: number): Date => new Date(now.getTime() + minutes * 60_000);

function parse(text: string | undefined): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: the caller judges by the status
  }
}
