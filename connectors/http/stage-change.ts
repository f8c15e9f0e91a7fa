import { hash } from "node:crypto";
import { z } from "zod";
import { leadId } from "../../core/meta/lead-id.ts";
import type { Lead, MatchKey, StageObservation } from "../../core/types.ts";
import { canonical } from "./aliases.ts";
import { contactFields, contactValue } from "./contact.ts";
import { inFuture, instant } from "./instant.ts";
import { type FieldError, unsoundParts } from "./sound.ts";

/** One stage change as an in-house CRM pushed it. */
export interface PushedStageChange {
  /** The sender's id of it, or one made from record, pipeline, stage and time: the same change has the same id for ever. */
  readonly id: string;
  readonly observation: StageObservation;
  readonly lead: Lead;
}

/** Ids come as text; whole numbers that survive JSON are taken too. */
const idText = (what: string) =>
  z
    .union(
      [z.string(), z.number().refine(Number.isSafeInteger, `Send ${what} as text: a number this large is rounded.`)],
      {
        error: `Give ${what}.`,
      },
    )
    .transform((id) => String(id).trim())
    .pipe(z.string().max(256, `Send at most 256 characters for ${what}.`));

const leadIdText = z
  .string({
    error: (issue) =>
      typeof issue.input === "number"
        ? "Send lead_id as text in quotes: as a JSON number its last digits are rounded away."
        : "Send lead_id as text.",
  })
  .transform((text, context) => {
    const result = leadId(text);
    if (result && "leadId" in result) return result.leadId;
    const why =
      result?.dropped === "lead_id:spreadsheet_form"
        ? "A spreadsheet has rounded this lead_id; format the column as text and export it again."
        : "A Meta lead_id has 15 to 17 digits; leave it out if you do not know it.";
    context.addIssue({
      code: "custom",
      message: why,
      params: { code: (result?.dropped ?? "lead_id:blank").replace(":", "_") },
    });
    return z.NEVER;
  });

const aheadOfTime = "The time lies more than 10 minutes in the future: check the clock and the offset.";

const consent = z
  .union([z.boolean(), z.string(), z.int()], { error: "Send consent as true or false." })
  .transform((answer, context) => {
    const word = String(answer).trim().toLowerCase();
    if (["true", "yes", "y", "1"].includes(word)) return true;
    if (["false", "no", "n", "0"].includes(word)) return false;
    context.addIssue({ code: "custom", message: "Send consent as true or false.", params: { code: "not_yes_or_no" } });
    return z.NEVER;
  });

const decimal = "Send value as a number with a decimal point, 0 or more.";
const amount = z
  .union(
    [
      z.number(),
      z
        .string()
        .trim()
        .regex(/^\d+(\.\d+)?$/, decimal),
    ],
    { error: decimal },
  )
  .transform(Number)
  .pipe(z.number().nonnegative(decimal).max(1e12, "This value is too large."));
const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));
const currency = z
  .string({ error: "Send currency as text." })
  .transform((text) => text.trim().toUpperCase())
  .refine((code) => currencies.has(code), "Send currency as an ISO 4217 code such as EUR.");

/** The push format; field names only, aliases are in aliases.ts. */
export const stageChange = z
  .object({
    id: z
      .string({ error: "Send id as text." })
      .regex(/^[A-Za-z0-9_.:-]{1,128}$/, "Use 1 to 128 of A-Z a-z 0-9 _ . : - for id.")
      .optional(),
    record_id: idText("record_id, the id of the lead or deal in your CRM"),
    object: idText("object").default("lead"),
    pipeline: idText("pipeline").default("default"),
    stage: idText("stage, the id of the stage that was entered"),
    occurred_at: instant(new Date("2020-01-01T00:00:00Z")),
    lead_created_at: instant(new Date("2000-01-01T00:00:00Z")).optional(),
    lead_id: leadIdText.optional(),
    click_id: z.string({ error: "Send click_id as text." }).optional(),
    consent: consent.optional(),
    value: amount.optional(),
    currency: currency.optional(),
    contact: z.partialRecord(z.enum(contactFields), contactValue, { error: "Send contact as an object." }).default({}),
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
  for (const key of contactFields) {
    const found = contact[key];
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
