import { type Request, raw } from "express";
import { hashLead } from "../../connectors/http/hash-lead.ts";
import { type PushedStageChange, readStageChange } from "../../connectors/http/stage-change.ts";
import { Failure } from "../../core/errors.ts";
import { entryId } from "../../core/ledger.ts";
import { leadId } from "../../core/meta/lead-id.ts";
import { type Problem, refusals, skips } from "../../core/problems.ts";
import type { Connection, Tenant } from "../../core/types.ts";
import { mostIds, outcomesAsked, outcomesTold, pushTaken, stageChangesPushed } from "../api/ingest.ts";
import { type PusherParts, pusherOf } from "../ingest/pusher.ts";
import { type Pushed, pushToInbox } from "../store/inbox.ts";
import { inboxOutcomes, type PushOutcome } from "../store/inbox-outcomes.ts";
import type { Route } from "./route.ts";

export interface IngestParts extends PusherParts {
  /** Something was pushed: look soon. */
  wake(): void;
}

const mostItems = 500;
/** What an in-house CRM pushes, and the question what became of it. The format is in connectors/http/README.md. */
export function ingestRoutes(parts: IngestParts): readonly Route[] {
  const body = raw({ type: () => true, limit: "1mb", inflate: false });
  return [
    {
      method: "post",
      path: "/ingest/v1/stage-changes{/:connection}",
      who: "ingest_key",
      api: {
        summary: "Push stage changes: one, a list, or lines of JSON",
        body: stageChangesPushed,
        answer: pushTaken,
        answered: [202, 422],
      },
      handle: [
        body,
        async (request, response) => {
          const { connection, tenant } = await pusherOf(request, bytesOf(request), parts);
          const items = listOf(request);
          if (items.length > mostItems)
            throw new Failure("too_large", `${items.length} items; send at most ${mostItems}`);
          const answers = await take(items, connection, tenant, parts);
          const count = (status: string): number => answers.filter((answer) => answer.status === status).length;
          const [accepted, duplicates, rejected] = [count("accepted"), count("duplicate"), count("rejected")];
          if (accepted > 0) parts.wake();
          response
            .status(accepted + duplicates > 0 ? 202 : 422)
            .json({ accepted, duplicates, rejected, items: answers });
        },
      ],
    },
    {
      method: "post",
      path: "/ingest/v1/outcomes{/:connection}",
      who: "ingest_key",
      api: { summary: "What became of stage changes that were pushed", body: outcomesAsked, answer: outcomesTold },
      handle: [
        body,
        async (request, response) => {
          const { connection } = await pusherOf(request, bytesOf(request), parts);
          const asked = outcomesAsked.safeParse(parsed(request));
          if (!asked.success) throw new Failure("input_invalid", `send { "ids": [ … ] } with at most ${mostIds} ids`);
          const { ids } = asked.data;
          const outcomes = await inboxOutcomes(parts.store.pool, connection.tenantId, connection.id, ids);
          response.json({ outcomes: Object.fromEntries([...outcomes].map(([id, outcome]) => [id, inWords(outcome)])) });
        },
      ],
    },
  ];
}

type Answer =
  | { index: number; id: string; status: "accepted" | "duplicate"; warnings?: readonly string[] }
  | { index: number; status: "rejected"; errors: readonly { path: string; code: string; message: string }[] };

async function take(
  items: readonly unknown[],
  connection: Connection,
  tenant: Tenant,
  { store, clock }: IngestParts,
): Promise<readonly Answer[]> {
  const now = clock.now();
  const read = items.map((item) => readStageChange(item, now));
  const good = read.flatMap((result, index) =>
    "item" in result ? [{ index, ...pushed(result.item, tenant, now) }] : [],
  );
  const taken = await pushToInbox(
    store.pool,
    connection.tenantId,
    connection.id,
    good.map(({ push }) => push),
    now,
  );
  const statuses = new Map(good.map(({ index }, n) => [index, taken[n] ?? "duplicate"]));
  const pushes = new Map(good.map((one) => [one.index, one]));
  return read.map((result, index): Answer => {
    if ("errors" in result) return { index, status: "rejected", errors: result.errors };
    const warnings = [...(pushes.get(index)?.dropped ?? []), ...result.ignored.map((field) => `${field}:ignored`)];
    return {
      index,
      id: result.item.id,
      status: statuses.get(index) ?? "duplicate",
      ...(warnings.length > 0 && { warnings }),
    };
  });
}

/** The push as it is stored: contact data only as hashes. */
function pushed(
  { id, observation, lead }: PushedStageChange,
  tenant: Tenant,
  now: Date,
): { push: Pushed; dropped: readonly string[] } {
  const hashed = hashLead(lead, { ...tenant, now });
  const badId = leadId(lead.leadId);
  const dropped = badId && "dropped" in badId ? [...hashed.dropped, badId.dropped] : hashed.dropped;
  return { push: { id, observation, entry: entryId(observation, 0), lead: hashed.lead }, dropped };
}

function listOf(request: Request): readonly unknown[] {
  const body = parsed(request);
  return Array.isArray(body) ? body : [body];
}

/** @throws Failure `input_invalid`, saying where the JSON breaks */
function parsed(request: Request): unknown {
  const text = bytesOf(request).toString("utf8");
  if (!/ndjson|jsonl/.test(request.headers["content-type"] ?? "")) return json(text, "the body");
  return text
    .split("\n")
    .flatMap((line, before) => (line.trim() === "" ? [] : [json(line, `line ${before + 1} of the body`)]));
}

/** The parser's own words quote the text, which may be personal data: only the place is taken from them. */
function json(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const place = /at position \d+( \(line \d+ column \d+\))?/.exec(error instanceof Error ? error.message : "")?.[0];
    throw new Failure("input_invalid", `${what} is not JSON${place ? ` ${place}` : ""}`);
  }
}

const bytesOf = (request: Request): Buffer => (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));

const words: Readonly<Record<string, Pick<Problem, "title">>> = {
  ...skips,
  ...refusals,
  duplicate: { title: "The same stage entry was pushed before" },
  no_change: { title: "The record was in this stage already" },
};

const inWords = (outcome: PushOutcome): PushOutcome & { title?: string } => {
  if (!("reason" in outcome)) return outcome;
  const title = words[outcome.reason]?.title;
  return { ...outcome, ...(title && { title }) };
};
