import { hash } from "node:crypto";
import { z } from "zod";
import type { Lead, MatchKey, StageObservation } from "../../core/types.ts";
import { canonical } from "./aliases.ts";
import { contact, matchKeyOf } from "./contact.ts";
import { amount, consent, currency, idText, leadIdText } from "./fields.ts";
import { inFuture, instant } from "./instant.ts";
import { type FieldError, unsoundParts } from "./sound.ts";

/** One stage change as an in-house CRM pushed it. */
export interface PushedStageChange {
  /** The sender's id of it, or one made from record, pipeline, stage and time: the same change has the same id for ever. */
  readonly id: string;
  readonly observation: StageObservation;
  readonly lead: Lead;
}

const aheadOfTime = "The time lies more than 10 minutes in the future: check the clock and the offset.";

/** The push format; field names only, aliases are in aliases.ts. */
export const stageChange = z
  .object({
    id: z
      .string({ error: "Send id as text." })
      .regex(/^[A-Za-z0-9_.:-]{1,128}$/, "Use 1 to 128 of A-Z a-z 0-9 _ . : - for id.")
      .optional(),
    record_id: idText("record_id, the id of the lead or deal in your CRM"),
    object: idText("object")
      .refine((name) => !name.includes(":"), "Use no colon in object: it is the kind of record, such as lead or deal.")
      .default("lead"),
    pipeline: idText("pipeline").default("default"),
    stage: idText("stage, the id of the stage that was entered"),
    occurred_at: instant(new Date("2020-01-01T00:00:00Z")),
    lead_created_at: instant(new Date("2000-01-01T00:00:00Z")).optional(),
    lead_id: leadIdText.optional(),
    click_id: z.string({ error: "Send click_id as text." }).optional(),
    consent: consent.optional(),
    value: amount.optional(),
    currency: currency.optional(),
    contact: contact.default({}),
  })
  .refine((change) => change.value === undefined || change.currency !== undefined, {
    path: ["currency"],
    message: "Send the currency of value, for example EUR.",
    params: { code: "missing" },
  });

/**
 * Reads one pushed stage change. `errors` name the field as the sender wrote it and say what to do; they never repeat a value.
 * `ignored` are the fields that mean nothing to us.
 */
export function readStageChange(
  raw: unknown,
  now: Date,
):
  | { readonly item: PushedStageChange; readonly ignored: readonly string[] }
  | { readonly errors: readonly FieldError[] } {
  const unsound = unsoundParts(raw);
  if (unsound.length > 0) return { errors: unsound };
  const { fields, sentAs, ignored, clashes } = canonical(raw as Record<string, unknown>);
  const parsed = stageChange.safeParse(fields);
  const errors = [
    ...clashes,
    ...(parsed.error?.issues ?? []).map((issue) => ({
      path: pathOf(issue.path, sentAs),
      code: codeOf(issue, fields),
      message: issue.message,
    })),
  ];
  for (const field of ["occurred_at", "lead_created_at"] as const) {
    const at = parsed.data?.[field];
    if (at && inFuture(at, now))
      errors.push({ path: sentAs.get(field) ?? field, code: "in_future", message: aheadOfTime });
  }
  if (!parsed.success || errors.length > 0) return { errors };
  return { item: pushed(parsed.data), ignored };
}

function pushed(change: z.infer<typeof stageChange>): PushedStageChange {
  const { record_id, object, pipeline, stage, occurred_at, lead_created_at, contact } = change;
  const values: Partial<Record<MatchKey, readonly string[]>> = {};
  const hashed: MatchKey[] = [];
  for (const [field, key] of Object.entries(matchKeyOf)) {
    const found = contact[field];
    if (!found || found.values.length === 0) continue;
    values[key] = found.values;
    if (found.hashed) hashed.push(key);
  }
  const identity = JSON.stringify([object, record_id, pipeline, stage, occurred_at.toISOString()]);
  return {
    id: change.id ?? hash("sha256", identity).slice(0, 32),
    observation: {
      record: { object, id: record_id },
      pipelineId: pipeline,
      stageId: stage,
      enteredAt: occurred_at,
      timeQuality: "exact",
    },
    lead: {
      contact: values,
      ...(hashed.length > 0 && { hashed }),
      ...(change.lead_id !== undefined && { leadId: change.lead_id }),
      // Nothing says when the click was; the lead came into being with it, or at the latest before this change.
      ...(change.click_id !== undefined && { clickId: change.click_id, clickSeenAt: lead_created_at ?? occurred_at }),
      ...(lead_created_at && { createdAt: lead_created_at }),
      ...(change.consent !== undefined && { consent: change.consent }),
      ...(change.value !== undefined &&
        change.currency !== undefined && { value: { amount: change.value, currency: change.currency } }),
    },
  };
}

function pathOf(path: readonly PropertyKey[], sentAs: ReadonlyMap<string, string>): string {
  const [first = "", second, ...rest] = path.map(String);
  const key = first === "contact" && second !== undefined ? `contact.${second}` : first;
  const others = key === first ? path.slice(1).map(String) : rest;
  return [sentAs.get(key) ?? key, ...others].join(".");
}

function codeOf(issue: z.core.$ZodIssue, fields: Readonly<Record<string, unknown>>): string {
  if (issue.code === "custom" && typeof issue.params?.code === "string") return issue.params.code;
  if (issue.path.length === 1 && fields[String(issue.path[0])] === undefined) return "missing";
  return issue.code === "invalid_type" || issue.code === "invalid_union" ? "wrong_type" : "not_valid";
}
