import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditView } from "../../server/api/audit.ts";
import type { ProblemsView } from "../../server/api/problems.ts";
import { type TasksView, type TaskView, tasksView, taskView } from "../../server/api/tasks.ts";
import { pauseLane, resumeLane } from "../../server/store/lanes.ts";
import { beginTask, noteSlice, stopTask } from "../../server/store/tasks.ts";
import { watchProblems } from "../../server/workers/problems.ts";
import { silent } from "../postgres.ts";
import { type Browsing, browsing } from "./browsing.ts";
import { type Customer, type Front, openFront } from "./front.ts";
import { refuse } from "./refuse.ts";

let front: Front;
let acme: Customer;
let admin: Browsing;
let viewer: Browsing;
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
  admin = browsing(front.url, await front.people.cookie("admin", acme.tenant));
  viewer = browsing(front.url, await front.people.cookie("viewer", acme.tenant));
});
afterAll(() => front.close());

const tasks = async () => tasksView.parse((await viewer.tell<TasksView>("/api/v1/tasks")).body).tasks;
const task = async (id: string) => taskView.parse((await viewer.tell<TaskView>(`/api/v1/tasks/${id}`)).body);
const later = (ms: number): void => {
  front.clock.at = new Date(front.clock.at.getTime() + ms);
};

test("a reading tells whose it is and how fast it goes, and for what it waits; it is not stopped but paused", async () => {
  const { tenant, connection } = acme;
  const about = { kind: "baseline", about: connection.id, total: 1_000 } as const;
  const { task: begun } = await beginTask(front.store.db, tenant.id, about, front.clock.at);
  later(10_000);
  await noteSlice(front.store.db, begun, { done: 400, counts: {}, cursor: {} }, front.clock.at);
  expect(await tasks()).toMatchObject([
    {
      id: begun.id,
      about: { id: connection.id, name: "Acme CRM", crmName: "In-house CRM" },
      ...{ done: 400, total: 1_000, perSecond: 40, leftMs: 15_000, canStop: false },
    },
  ]);
  expect(await admin.tell(`/api/v1/tasks/${begun.id}/stop`, {})).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining("reading is paused at its connection, and goes on from where it was") },
  });
  const lane = { tenantId: tenant.id, kind: "read", id: connection.id } as const;
  await pauseLane(front.store.db, lane, "by_admin");
  const paused = await task(begun.id);
  expect(paused.why).toMatchObject({ code: "by_admin", title: "Paused by an admin" });
  expect(paused, "nobody can tell for how long").not.toHaveProperty("leftMs");
  await resumeLane(front.store.db, lane, front.clock.at);
  await stopTask(front.store.db, tenant.id, begun.id, front.clock.at);
});

test("an admin stops the sending again of a problem's events; that stands in the log, and it can be begun anew", async () => {
  await refuse(front, acme, 30);
  await watchProblems({ store: front.store, log: silent, crmName: String, consoleUrl: () => "" })(front.clock.at);
  const [problem] = (await viewer.tell<ProblemsView>("/api/v1/problems?state=open")).body.problems;
  const path = `/api/v1/problems/${problem?.id}/redrive`;
  const { body: begun } = await admin.tell<TaskView>(path, { as: "it_was" });
  expect((await viewer.tell(`/api/v1/tasks/${begun.id}/stop`, {})).status).toBe(403);
  later(1);
  const { body: stopped } = await admin.tell<TaskView>(`/api/v1/tasks/${begun.id}/stop`, {});
  expect(stopped).toMatchObject({ state: "stopped", done: 0, canStop: false, endedAt: front.clock.at.toISOString() });
  const [entry] = (await viewer.tell<AuditView>("/api/v1/audit")).body.entries;
  expect(entry).toMatchObject({ what: "task.stopped", about: { task: begun.id, kind: "redrive", of: problem?.id } });
  await front.tasks();
  expect(await task(begun.id)).toMatchObject({ state: "stopped", done: 0 });

  const { body: anew } = await admin.tell<TaskView>(path, { as: "it_was" });
  expect(anew.id).not.toBe(begun.id);
  await front.tasks();
  expect(await task(anew.id)).toMatchObject({ state: "done", counts: { taken: 30 } });
});

test("those that run come first, and what ended more than a day ago is not listed", async () => {
  const { tenant, connection } = acme;
  await beginTask(front.store.db, tenant.id, { kind: "backfill", about: connection.id }, front.clock.at);
  expect((await tasks()).map(({ kind, state }) => [kind, state])).toEqual([
    ["backfill", "running"],
    ["redrive", "done"],
    ["redrive", "stopped"],
    ["baseline", "stopped"],
  ]);
  later(86_400_000);
  admin = browsing(front.url, await front.people.cookie("admin", acme.tenant));
  const { body } = await admin.tell<TasksView>("/api/v1/tasks");
  expect(body.tasks.map(({ kind }) => kind)).toEqual(["backfill"]);
});
