import { type FailureCode, failures } from "../../core/problems.ts";
import { type Route, statusOf } from "../routes/route.ts";
import { type JsonSchema, refTo } from "./json-schema.ts";

/** What every refusal looks like (RFC 9457), with what we add. */
export const problem: JsonSchema = {
  type: "object",
  description: "What went wrong, and what to do about it.",
  properties: {
    type: { type: "string", description: "`urn:stagewire:problem:` and the code." },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string", description: "What it was this time." },
    code: { type: "string", description: "Stays the same when the words change; all of them are in docs/problems.md." },
    fix: { type: "string", description: "What to do." },
  },
  required: ["type", "title", "status", "detail", "code", "fix"],
};

const reasons: Readonly<Record<number, string>> = {
  400: "What was asked is not in order",
  401: "Nobody has shown that they may",
  403: "Not for this caller",
  404: "Not there, or not in this workspace",
  409: "Not as things stand; the code may also be the rule by which something is held back",
  413: "Too large",
  429: "Too often; `Retry-After` says when to come back",
};

/** The refusals that an operation can give by its form; others (`default`) are told by their code as well. */
export function refusalsOf({ who, method, api }: Route): Readonly<Record<string, object>> {
  // What anybody may post is how one comes in: with something that may be wrong.
  const known = who !== "anyone" || method === "post";
  const member = ["viewer", "admin", "owner"].includes(who);
  const person = known && who !== "ingest_key";
  const statuses = [
    400,
    ...(known ? [401] : []),
    ...(member || (method === "post" && person) ? [403] : []),
    ...(person ? [404, 409] : []),
    ...(api?.body ? [413] : []),
    429,
  ];
  const named = statuses.map((status) => [String(status), { $ref: `#/components/responses/${status}` }]);
  return { ...Object.fromEntries(named), default: { $ref: "#/components/responses/other" } };
}

export function responses(): Readonly<Record<string, object>> {
  const told = { "application/problem+json": { schema: refTo("Problem") } };
  const retry = { "Retry-After": { description: "Seconds.", schema: { type: "integer" } } };
  const named = Object.entries(reasons).map(([status, reason]) => [
    status,
    {
      description: `${reason} (${codesOf(Number(status)).join(", ")}).`,
      ...(status === "429" && { headers: retry }),
      content: told,
    },
  ]);
  return {
    ...Object.fromEntries(named),
    other: { description: "Any other refusal, and faults of ours.", content: told },
  };
}

const codesOf = (status: number): readonly string[] =>
  Object.keys(failures)
    .filter((code) => statusOf(code as FailureCode) === status)
    .map((code) => `\`${code}\``);
