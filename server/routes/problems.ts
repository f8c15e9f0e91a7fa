import type { z } from "zod";
import { Failure } from "../../core/errors.ts";
import { kindOf } from "../../core/open-problems.ts";
import { problemOf } from "../../core/problems.ts";
import { sentenceOf } from "../../core/sentences.ts";
import { teller } from "../../core/status.ts";
import type { DatasetId, TenantId } from "../../core/types.ts";
import {
  nothing,
  type ProblemsView,
  problemDismissed,
  problemRedriveAsked,
  problemRedriven,
  problemsQuery,
  problemsView,
} from "../api/operations.ts";
import { writeAudit } from "../store/audit.ts";
import { dismissProblem, listProblems, type ProblemRow } from "../store/problems.ts";
import { type EventOrigin, lastRefused, type RefusalCause, refusedEvents } from "../store/refused.ts";
import { type ApiParts, apiRoute, type Call, idIn } from "./api-route.ts";
import { rebuiltAll } from "./rebuilt.ts";
import type { Route } from "./route.ts";

/** Events that are taken back into their lane at once; a problem can have hundreds of thousands. */
const slice = 200;
/** Whoever waits for the answer is not kept longer; what is left is asked for again. */
const timeIsUpMs = 10_000;

/** What is wrong, and what an admin does about it. */
export const problemRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/problems",
      who: "viewer",
      summary: "What is wrong, or was",
      query: problemsQuery,
      answer: problemsView,
      handle: async ({ tenant, now, query }) =>
        await parts.store.web(tenant.id, async (trx) => {
          const rows = await listProblems(trx, tenant.id, { open: query.state === "open" });
          return { problems: rows.map((row) => view(row, now, parts)) };
        }),
    },
    parts,
  ),
  apiRoute(
    {
      path: "/problems/:id/redrive",
      who: "admin",
      summary: "Send the refused events of a problem again",
      limit: "costly",
      body: problemRedriveAsked,
      answer: problemRedriven,
      handle: async (call) => {
        const { tenant, now, body } = call;
        const problem = await problemIn(call, parts);
        const cause = causeOf(problem);
        if (!cause) throw new Failure("conflict", "this problem has no refused events");
        const about = { problem: problem.id, cause: problem.cause, affected: problem.affected, as: body.as };
        await parts.store.web(tenant.id, (trx) =>
          writeAudit(trx, tenant.id, { who: call.who, what: "problem.sent_again", about }, now),
        );
        const answer = await redriveAll(tenant.id, cause, body, parts);
        if (answer.taken > 0) parts.wake("send");
        return answer;
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/problems/:id/dismiss",
      who: "admin",
      summary: "Hear no more of a problem",
      body: nothing,
      answer: problemDismissed,
      handle: async (call) => {
        const { tenant, now } = call;
        const { id, cause } = await problemIn(call, parts);
        await parts.store.web(tenant.id, async (trx) => {
          if (!(await dismissProblem(trx, tenant.id, id, now)))
            throw new Failure("conflict", "it is over, or it is over only once it is mended");
          await writeAudit(
            trx,
            tenant.id,
            { who: call.who, what: "problem.dismissed", about: { problem: id, cause } },
            now,
          );
        });
        return { dismissed: true as const };
      },
    },
    parts,
  ),
];

/** Slice by slice, up to what was refused when it began: what Meta refuses again meanwhile is not sent in circles. */
async function redriveAll(
  tenantId: TenantId,
  cause: RefusalCause,
  { as, after: from }: z.infer<typeof problemRedriveAsked>,
  parts: ApiParts,
): Promise<z.infer<typeof problemRedriven>> {
  const { store, clock } = parts;
  const until = clock.now().getTime() + timeIsUpMs;
  const upTo = await store.web(tenantId, (trx) => lastRefused(trx, tenantId, cause.datasetId));
  const counts = { taken: 0, tooOld: 0, heldBack: 0, unknown: 0 };
  for (let after = from; ; ) {
    const now = clock.now();
    const some = await store.web(tenantId, (trx) =>
      refusedEvents(trx, tenantId, cause, { after, upTo, limit: slice, now }),
    );
    const young = some.flatMap(({ seq, origin }) => (origin ? [{ seq, origin }] : []));
    counts.tooOld += some.length - young.length;
    const anew = as === "rebuilt" ? await rebuiltAll(tenantId, origins(young), parts) : [];
    const events = young.flatMap(({ seq }, n) => {
      const { payload, heldBack } = anew[n] ?? {};
      if (as === "it_was") return [{ seq }];
      if (payload !== undefined) return [{ seq, payload }];
      counts[heldBack ? "heldBack" : "unknown"] += 1;
      return [];
    });
    if (events.length > 0) counts.taken += (await store.outbox.redrive(tenantId, cause.datasetId, events, now)).length;
    after = some.at(-1)?.seq ?? upTo;
    if (some.length < slice) return counts;
    if (clock.now().getTime() > until) return { ...counts, next: after };
  }
}
const origins = (events: readonly { readonly origin: EventOrigin }[]): readonly EventOrigin[] =>
  events.map(({ origin }) => origin);

/** @throws Failure `not_found` */
async function problemIn(
  { tenant, params }: Pick<Call<unknown, unknown>, "tenant" | "params">,
  { store }: ApiParts,
): Promise<ProblemRow> {
  const id = idIn(params, "id", "prb");
  const row = await store.web(tenant.id, (trx) =>
    trx.selectFrom("problem").selectAll().where("tenant_id", "=", tenant.id).where("id", "=", id).executeTakeFirst(),
  );
  if (!row) throw new Failure("not_found", `problem ${id}`);
  return row && { ...row, details: row.details as ProblemRow["details"] };
}

function causeOf({ details: { datasetId, reason, code, subcode } }: ProblemRow): RefusalCause | undefined {
  if (datasetId === undefined || reason === undefined) return undefined;
  return { datasetId: datasetId as DatasetId, reason, code: code ?? null, subcode: subcode ?? null };
}

function view(row: ProblemRow, now: Date, { connectors }: ApiParts): ProblemsView["problems"][number] {
  const { title, effect, fix, acts, meanwhile } = problemOf(row.code);
  const { name, words, dismissedAt, connector, since } = row.details;
  const crmName = connectors.get(connector ?? "")?.manifest.crmName;
  const trouble = {
    ...row,
    since: since === undefined ? row.opened_at : new Date(since),
    ...(row.deadline_at && { deadlineAt: row.deadline_at }),
    ...(crmName !== undefined && { crmName }),
  };
  const over = row.closed_at !== null || dismissedAt !== undefined;
  return {
    id: row.id,
    code: row.code,
    sentence: sentenceOf(trouble, now, teller(now, "UTC")),
    title,
    effect,
    fix,
    acts,
    ...(meanwhile !== undefined && { meanwhile }),
    ...(row.about !== null && { about: row.about }),
    ...(name !== undefined && { name }),
    affected: row.affected,
    since: trouble.since.toISOString(),
    openedAt: row.opened_at.toISOString(),
    ...(row.closed_at && { closedAt: row.closed_at.toISOString() }),
    ...(row.deadline_at && { deadlineAt: row.deadline_at.toISOString() }),
    ...(dismissedAt !== undefined && { dismissedAt }),
    canRedrive: !over && causeOf(row) !== undefined,
    canDismiss: !over && ["refused", "drift"].includes(kindOf(row.cause)),
    ...(words && { words }),
  };
}
