import { z } from "zod";
import type { HttpAnswer } from "../ports.ts";
import type { BlockReason, DelayReason, RefusalReason } from "../problems.ts";
import { comeBack, parse, type Usage, usageOf } from "./usage.ts";

/** What Meta said, kept for support and for the admin. `words` may be in any language and may echo input: show, never log. */
export interface AnswerFacts {
  readonly status?: number;
  readonly code?: number;
  readonly subcode?: number;
  readonly traceId?: string;
  readonly words?: string;
  /** The parameter that Meta blames: `data[0][user_data][em]`. */
  readonly blames?: string;
  readonly usage?: Usage;
}

/** What one request came to. */
export type Verdict = AnswerFacts &
  (
    | { readonly verdict: "accepted"; readonly received?: number; readonly messages?: readonly string[] }
    /** Nothing was taken; the same request again, not before `at`. `suspect`: one event may be what makes Meta stumble. */
    | { readonly verdict: "retry"; readonly why: DelayReason; readonly at?: Date; readonly suspect?: boolean }
    /** Something in the request is not valid, and Meta took nothing of it. */
    | { readonly verdict: "refused"; readonly why: RefusalReason }
    /** Sent, no answer: it may have been taken. The same ids again. */
    | { readonly verdict: "unknown"; readonly why: DelayReason }
    /** Token, permission or dataset: everything of this dataset waits for a person. */
    | { readonly verdict: "blocked"; readonly why: BlockReason }
  );

/** Meta's yes bears its mark: a count, or at least a trace. */
const Success = z
  .looseObject({
    events_received: z.number().optional(),
    messages: z.array(z.unknown()).optional(),
    fbtrace_id: z.string().optional(),
    error: z.undefined().optional(),
  })
  .refine(({ events_received, fbtrace_id }) => events_received !== undefined || fbtrace_id !== undefined);
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
    error_data: z.unknown().optional(),
  }),
});
/** https://developers.facebook.com/docs/graph-api/guides/error-handling */
const Blame = z.looseObject({ blame_field_specs: z.tuple([z.tuple([z.string()], z.unknown())], z.unknown()) });

/**
 * Reads Meta's answer by HTTP status, `code`, `error_subcode` and `is_transient`, never by its text (Meta, "Handle errors";
 * "Conversions API error codes").
 */
export function verdictOf(answer: HttpAnswer, now: Date): Verdict {
  const { status } = answer;
  const body = parse(answer.text);
  const usage = usageOf(answer.headers);
  const facts: AnswerFacts = { status, ...(usage && { usage }) };
  const at = comeBack(answer, usage, now);
  const refusal = Refusal.safeParse(body);
  // Whatever the status says: an error is no yes.
  if (refusal.success) return byCode(refusal.data.error, facts, at, now);
  if (status < 200 || status > 299) return { ...facts, ...byStatus(status, at) };
  const success = Success.safeParse(body);
  if (!success.success) return { ...facts, verdict: "unknown", why: "meta_no_answer" };
  const { events_received: received, fbtrace_id: traceId, messages = [] } = success.data;
  return {
    ...facts,
    verdict: "accepted",
    ...(received !== undefined && { received }),
    ...(traceId && { traceId }),
    ...(messages.length > 0 && { messages: messages.slice(0, 10).map(asText) }),
  };
}

function byCode(error: z.infer<typeof Refusal>["error"], known: AnswerFacts, at: Date | undefined, now: Date): Verdict {
  const { code, error_subcode: subcode, fbtrace_id: traceId } = error;
  const facts: AnswerFacts = {
    ...known,
    code,
    ...(subcode !== undefined && { subcode }),
    ...(traceId && { traceId }),
    ...words(error),
    ...blame(error.error_data),
  };
  // Meta says so of a wrong or missing appsecret_proof: nothing in the events is wrong.
  if (code === 100 && subcode === undefined && error.type === "GraphMethodException")
    return { ...facts, verdict: "blocked", why: "meta_proof" };
  return { ...facts, ...judge(known.status ?? 0, code, subcode, error.is_transient === true, at, now) };
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
  if (isLimit(code))
    return { verdict: "retry", why: "meta_limit", at: at ?? minutesFrom(now, limitPause(code, subcode)) };
  if (code === 368) return { verdict: "retry", why: "meta_policy", at: at ?? minutesFrom(now, 15) };
  if (transient) return { verdict: "retry", why: "meta_down", ...later };
  if (status === 413) return byStatus(status, at);
  if (code === 1) return { verdict: "retry", why: "meta_down", suspect: true, ...later };
  if (code === 2) return { verdict: "retry", why: "meta_down", ...later };
  if (blocked) return { verdict: "blocked", why: blocked };
  if (code === 100) return { verdict: "refused", why: refusedBy[subcode ?? 0] ?? "refused_invalid" };
  if (status === 429 || status === 408) return byStatus(status, at);
  if (status >= 500) return { verdict: "retry", why: "meta_down", suspect: true, ...later };
  return { verdict: "blocked", why: "meta_unclear" };
}

/** No code to go by: a proxy's page, an empty body, a gateway, a redirect. It will pass, or somebody sees the deadline. */
function byStatus(status: number, at: Date | undefined): Extract<Judgement, { verdict: "retry" | "refused" }> {
  const later = at && { at };
  if (status === 429) return { verdict: "retry", why: "meta_limit", ...later };
  // Less in one request, then; an event that is too large by itself is refused.
  if (status === 413) return { verdict: "refused", why: "refused_invalid" };
  // A gateway that forbids may do so for what one event holds.
  const suspect = status >= 400 && status < 500 && status !== 408;
  return { verdict: "retry", why: "meta_down", ...(suspect && { suspect }), ...later };
}

const isLimit = (code: number): boolean => code in limitMinutes || (code >= 80_000 && code <= 80_014);
const limitMinutes: Readonly<Record<number, number>> = { 4: 5, 17: 5, 32: 5, 341: 5, 613: 5 };
/** Minutes to wait when Meta names none. 613 without a subcode is abuse prevention, and takes longer (Meta, "Rate Limiting"). */
const limitPause = (code: number, subcode: number | undefined): number =>
  code === 613 && subcode === undefined ? 15 : (limitMinutes[code] ?? 1);
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

function words(error: z.infer<typeof Refusal>["error"]): { words?: string } {
  const text = [error.error_user_title, error.error_user_msg].filter(Boolean).join(": ") || error.message;
  return text ? { words: text.slice(0, 500) } : {};
}

function blame(data: unknown): { blames?: string } {
  const found = Blame.safeParse(data);
  return found.success ? { blames: found.data.blame_field_specs[0][0].slice(0, 200) } : {};
}

const asText = (said: unknown): string => (typeof said === "string" ? said : JSON.stringify(said)).slice(0, 500);

const minutesFrom = (now: Date, minutes: number): Date => new Date(now.getTime() + minutes * 60_000);
