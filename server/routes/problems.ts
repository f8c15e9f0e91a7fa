import type { Transaction } from "kysely";
import { Failure } from "../../core/errors.ts";
import { limits } from "../../core/meta/limits.ts";
import { readEvent } from "../../core/meta/read-event.ts";
import { kindOf } from "../../core/open-problems.ts";
import { stepsOf } from "../../core/steps.ts";
import type { DatasetId, TenantId } from "../../core/types.ts";
import { type ProblemDetail, problemDetail, problemQuery, problemsQuery, problemsView } from "../api/problems.ts";
import { recordOf } from "../store/deliveries.ts";
import { type Example, refusedExamples, requestMs, standingStill, waitingExamples } from "../store/problem-examples.ts";
import { deedsAbout, mailsAbout } from "../store/problem-history.ts";
import { findProblem, listProblems } from "../store/problem-list.ts";
import type { ProblemRow } from "../store/problems.ts";
import type { Tables } from "../store/tables.ts";
import { tasksAbout } from "../store/tasks.ts";
import { type ApiParts, apiRoute, type Call, idIn } from "./api-route.ts";
import { historyOf } from "./problem-history.ts";
import { causeOf, peopleIn, problemViewOf } from "./problem-view.ts";
import type { Route } from "./route.ts";
import { namesOf } from "./somebody.ts";
import { viewOfTask } from "./task-view.ts";

const pageOf = 100;
const dayMs = 86_400_000;

/** What is wrong, or was: all of it, and one with how it is mended. */
export const problemRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/problems",
      who: "viewer",
      summary: "What is wrong, or was",
      query: problemsQuery,
      answer: problemsView,
      handle: async ({ tenant, now, query: { state, before, zone } }) => {
        const wanted = { state, limit: pageOf, ...(before !== undefined && { before }) };
        const { rows, still } = await parts.store.web(tenant.id, async (trx) => {
          const found = await listProblems(trx, tenant.id, wanted, now);
          const abouts = found.flatMap(({ about }) => about ?? []);
          return { rows: found, still: await standingStill(trx, tenant.id, abouts) };
        });
        const names = await namesOf(rows.flatMap(peopleIn), parts.store);
        const last = state === "resolved" && rows.length === pageOf ? rows.at(-1) : undefined;
        return {
          problems: rows.map((row) => problemViewOf(row, { now, zone, names, still }, parts)),
          ...(last && { next: last.id }),
        };
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/problems/:id",
      who: "viewer",
      summary: "One problem: what it means, how it is mended step by step, examples, and its history",
      query: problemQuery,
      answer: problemDetail,
      handle: async (call) => await detailOf(call.tenant.id, await problemIn(call, parts), call, parts),
    },
    parts,
  ),
];

async function detailOf(
  tenantId: TenantId,
  row: ProblemRow,
  { now, query: { zone } }: { readonly now: Date; readonly query: { readonly zone: string } },
  parts: ApiParts,
): Promise<ProblemDetail> {
  const datasetId = row.about?.startsWith("dst_") ? (row.about as DatasetId) : undefined;
  const { still, mails, deeds, tasks, examples, paceMs } = await parts.store.web(tenantId, async (trx) => ({
    still: await standingStill(trx, tenantId, row.about === null ? [] : [row.about]),
    mails: await mailsAbout(trx, tenantId, row.id),
    deeds: await deedsAbout(trx, tenantId, row),
    tasks: await tasksAbout(trx, tenantId, row.id),
    examples: await examplesOf(trx, tenantId, row, datasetId, now),
    paceMs: datasetId && (await requestMs(trx, tenantId, datasetId)),
  }));
  const people = [...deeds.map(({ who }) => who), ...tasks.map(({ who = null }) => who)];
  const names = await namesOf([...peopleIn(row), ...people], parts.store);
  const lately = tasks.find(({ endedAt }) => !endedAt || now.getTime() - endedAt.getTime() < dayMs);
  return {
    ...problemViewOf(row, { now, zone, names, still }, parts),
    steps: [...stepsOf(row.code)],
    examples: examples.map(exampleOf),
    history: [...historyOf(row, { mails, deeds, tasks, names })],
    ...(paceMs !== undefined && { estimateMs: Math.round(paceMs * Math.ceil(row.affected / limits.batch)) }),
    ...(lately && { task: await viewOfTask(tenantId, lately, parts) }),
  };
}

async function examplesOf(
  trx: Transaction<Tables>,
  tenantId: TenantId,
  row: ProblemRow,
  datasetId: DatasetId | undefined,
  now: Date,
): Promise<readonly Example[]> {
  const cause = causeOf(row);
  if (row.closed_at) return [];
  if (cause) return await refusedExamples(trx, tenantId, cause, now);
  return datasetId && kindOf(row.cause) !== "ending" ? await waitingExamples(trx, tenantId, datasetId) : [];
}

const exampleOf = ({ record, eventTime, payload, words, ...where }: Example): ProblemDetail["examples"][number] => ({
  ...where,
  record: recordOf(record),
  eventName: readEvent(payload).event_name,
  eventTime: eventTime.toISOString(),
  ...(words && { words }),
});

/** @throws Failure `not_found` */
export async function problemIn(
  { tenant, params }: Pick<Call<unknown, unknown>, "tenant" | "params">,
  { store }: ApiParts,
): Promise<ProblemRow> {
  const id = idIn<string>(params, "id", "prb");
  const row = await store.web(tenant.id, (trx) => findProblem(trx, tenant.id, id));
  if (!row) throw new Failure("not_found", `problem ${id}`);
  return row;
}
