import { Failure } from "../../core/errors.ts";
import { nothing } from "../api/operations.ts";
import { type ProblemView, problemMuteAsked, problemRedriveAsked, problemView } from "../api/problems.ts";
import { taskView } from "../api/tasks.ts";
import { type Deed, writeAudit } from "../store/audit.ts";
import { wakeLane } from "../store/lanes.ts";
import { standingStill } from "../store/problem-examples.ts";
import { noteOnProblem, type ProblemDetails, type ProblemRow } from "../store/problems.ts";
import { beginRedrive } from "../tasks/redrive.ts";
import { tasksLane } from "../tasks/run.ts";
import { type ApiParts, apiRoute, type Call } from "./api-route.ts";
import { causeOf, peopleIn, problemViewOf } from "./problem-view.ts";
import { problemIn } from "./problems.ts";
import type { Route } from "./route.ts";
import { namesOf } from "./somebody.ts";
import { viewOfTask } from "./task-view.ts";

const dayMs = 86_400_000;

/** What an admin does about a problem. */
export const problemDeedRoutes = (parts: ApiParts): readonly Route[] => [
  apiRoute(
    {
      path: "/problems/:id/redrive",
      who: "admin",
      summary: "Send the refused events of a problem again, as long work that can be watched and stopped",
      limit: "costly",
      body: problemRedriveAsked,
      answer: taskView,
      handle: async (call) => {
        const { tenant, who, now, body } = call;
        const problem = await problemIn(call, parts);
        const cause = causeOf(problem);
        if (!cause || problem.closed_at) throw new Failure("conflict", "this problem has no refused events");
        const task = await parts.store.web(tenant.id, async (trx) => {
          const asked = { problem: problem.id, cause, as: body.as, who };
          const { task, begun } = await beginRedrive(trx, tenant.id, asked, now);
          const about = { problem: problem.id, cause: problem.cause, affected: problem.affected, as: body.as };
          if (begun) await writeAudit(trx, tenant.id, { who, what: "problem.sent_again", about }, now);
          return task;
        });
        await wakeLane(parts.store.db, tasksLane, now);
        return await viewOfTask(tenant.id, task, parts);
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/problems/:id/acknowledge",
      who: "admin",
      summary: "Say that somebody has seen a problem: no mail reminds of it after a day",
      body: nothing,
      answer: problemView,
      handle: async (call) => {
        const acknowledged = { at: call.now.toISOString(), by: call.who };
        return await noted(call, "problem.acknowledged", { acknowledged }, {}, parts);
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/problems/:id/mute",
      who: "admin",
      summary: "Hear nothing of a problem for some days, unless it becomes worse",
      body: problemMuteAsked,
      answer: problemView,
      handle: async (call) => {
        const until = new Date(call.now.getTime() + call.body.days * dayMs).toISOString();
        const { affected, deadline_at } = await problemIn(call, parts);
        const deadlineAt = deadline_at ? { deadlineAt: deadline_at.toISOString() } : {};
        const muted = { until, at: call.now.toISOString(), by: call.who, affected, ...deadlineAt };
        return await noted(call, "problem.muted", { muted }, { until, affected }, parts);
      },
    },
    parts,
  ),
  apiRoute(
    {
      path: "/problems/:id/unmute",
      who: "admin",
      summary: "Hear of a muted problem again",
      body: nothing,
      answer: problemView,
      handle: async (call) => await noted(call, "problem.unmuted", { muted: null }, {}, parts),
    },
    parts,
  ),
];

type Note = { readonly [Key in "acknowledged" | "muted"]?: ProblemDetails[Key] | null };

/** Notes it on the problem and in the audit log, together. */
async function noted(
  call: Call<unknown, unknown>,
  what: string,
  note: Note,
  more: Deed["about"],
  parts: ApiParts,
): Promise<ProblemView> {
  const { tenant, who, now } = call;
  const { id, cause } = await problemIn(call, parts);
  await parts.store.web(tenant.id, async (trx) => {
    if (!(await noteOnProblem(trx, tenant.id, id, note)))
      throw new Failure("conflict", "it is over, or it is so already");
    await writeAudit(trx, tenant.id, { who, what, about: { problem: id, cause, ...more } }, now);
  });
  return await viewOf(call, parts);
}

/** As it stands now, with instants told in UTC. */
async function viewOf(call: Call<unknown, unknown>, parts: ApiParts): Promise<ProblemView> {
  const row: ProblemRow = await problemIn(call, parts);
  const { tenant, now } = call;
  const abouts = row.about === null ? [] : [row.about];
  const still = await parts.store.web(tenant.id, (trx) => standingStill(trx, tenant.id, abouts));
  return problemViewOf(row, { now, zone: "UTC", names: await namesOf(peopleIn(row), parts.store), still }, parts);
}
