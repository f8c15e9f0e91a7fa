import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditView } from "../../server/api/audit.ts";
import type { ProblemsView } from "../../server/api/problems.ts";
import { type TasksView, type TaskView, tasksView, taskView } from "../../server/api/tasks.ts";
import { laneState } from "../../server/store/lane-state.ts";
import { pauseLane, resumeLane } from "../../server/store/lanes.ts";
import { endTask } from "../../server/store/task-progress.ts";
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

const lane = () => ({ tenantId: acme.tenant.id, kind: "read", id: acme.connection.id }) as const;
const pausedReason = async () => (await laneState(front.store.db, lane()))?.pausedReason;
const latest = async () => (await viewer.tell<AuditView>("/api/v1/audit")).body.entries[0];
const checkpoint = async (phase: string) => {
  const body = JSON.stringify({ v: 1, phase });
  const row = { tenant_id: acme.tenant.id, connection_id: acme.connection.id, body, updated_at: front.clock.at };
  await front.store.db
    .insertInto("checkpoint")
    .values(row)
    .onConflict((conflict) => conflict.columns(["tenant_id", "connection_id"]).doUpdateSet({ body }))
    .execute();
};
const reading = async (kind: "baseline" | "backfill" = "baseline") =>
  (await beginTask(front.store.db, acme.tenant.id, { kind, about: acme.connection.id, total: 1_000 }, front.clock.at))
    .task;

test("a reading tells whose it is, how fast it goes and for what it waits; whoever stops it pauses its connection, and it can go on", async () => {
  const { tenant, connection } = acme;
  const begun = await reading();
  await checkpoint("baseline");
  later(10_000);
  await noteSlice(front.store.db, begun, { done: 400, counts: {}, cursor: {} }, front.clock.at);
  expect(await tasks()).toMatchObject([
    {
      id: begun.id,
      about: { id: connection.id, name: "Acme CRM", crmName: "In-house CRM" },
      ...{ done: 400, total: 1_000, perSecond: 40, leftMs: 15_000, canStop: true, canResume: false },
    },
  ]);
  expect((await viewer.tell(`/api/v1/tasks/${begun.id}/stop`, {})).status).toBe(403);
  const { body: stopped } = await admin.tell<TaskView>(`/api/v1/tasks/${begun.id}/stop`, {});
  expect(stopped).toMatchObject({ state: "stopped", done: 400, perSecond: 40, canStop: false, canResume: true });
  expect(stopped.stopped).toMatchObject({
    at: front.clock.at.toISOString(),
    by: { id: expect.stringMatching(/^usr_/) },
  });
  expect(stopped, "nobody can tell for how long").not.toHaveProperty("leftMs");
  expect(await task(begun.id), "it is told so to everybody, until it goes on").toEqual(stopped);
  expect(await tasks()).toMatchObject([{ state: "stopped", canResume: true }]);
  expect(await pausedReason(), "there is one pause, wherever it was made").toBe("by_admin");
  expect(await latest()).toMatchObject({
    what: "connection.paused",
    words: "The reading of a whole account was stopped: its connection is paused",
    about: { id: connection.id, reading: "baseline", done: 400 },
  });

  later(1);
  expect((await viewer.tell(`/api/v1/tasks/${begun.id}/resume`, {})).status).toBe(403);
  const { body: resumed } = await admin.tell<TaskView>(`/api/v1/tasks/${begun.id}/resume`, {});
  expect(resumed).toMatchObject({ id: begun.id, state: "running", done: 400, leftMs: 15_000, canResume: false });
  expect(resumed).not.toHaveProperty("stopped");
  expect(await pausedReason()).toBeNull();
  expect(await latest()).toMatchObject({ what: "connection.resumed", about: { reading: "baseline", done: 400 } });
  await stopTask(front.store.db, tenant.id, begun.id, front.clock.at);
});

test("a connection that somebody pauses or resumes on its own page stops its reading, and lets it go on", async () => {
  const { id } = await reading("backfill");
  await admin.tell(`/api/v1/connections/${acme.connection.id}/pause`, {});
  expect(await task(id)).toMatchObject({ state: "stopped", canStop: false, canResume: true });
  expect((await admin.tell(`/api/v1/tasks/${id}/stop`, {})).status, "it is what was asked for").toBe(200);
  await admin.tell(`/api/v1/connections/${acme.connection.id}/resume`, {});
  expect(await task(id)).toMatchObject({ state: "running", canStop: true, canResume: false });
  expect((await admin.tell(`/api/v1/tasks/${id}/resume`, {})).status).toBe(200);
  await stopTask(front.store.db, acme.tenant.id, id, front.clock.at);
});

test("a reading that came to its end just before is not stopped, and nothing is paused", async () => {
  const { id } = await reading();
  await checkpoint("changes");
  const late = { status: 409, body: { detail: expect.stringContaining("it is over already") } };
  expect(await admin.tell(`/api/v1/tasks/${id}/stop`, {}), "its last page is kept").toMatchObject(late);
  expect(await pausedReason()).toBeNull();
  await stopTask(front.store.db, acme.tenant.id, id, front.clock.at);
  expect(await admin.tell(`/api/v1/tasks/${id}/stop`, {})).toMatchObject(late);
  expect(await admin.tell(`/api/v1/tasks/${id}/resume`, {})).toMatchObject(late);
  expect(await pausedReason()).toBeNull();
});

test("a reading whose CRM lets nobody in waits for that: it is not stopped beside it", async () => {
  const { id } = await reading();
  await checkpoint("baseline");
  await pauseLane(front.store.db, lane(), "crm_disconnected");
  expect(await task(id)).toMatchObject({ state: "running", why: { code: "crm_disconnected" }, canStop: false });
  expect(await admin.tell(`/api/v1/tasks/${id}/stop`, {})).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining("it stands still already") },
  });
  expect(await pausedReason()).toBe("crm_disconnected");
  await resumeLane(front.store.db, lane(), front.clock.at);
  await stopTask(front.store.db, acme.tenant.id, id, front.clock.at);
});

test("what erases is not stopped, and goes on by itself", async () => {
  const about = { kind: "erase_person", about: "rcp_1" } as const;
  const { task: erasing } = await beginTask(front.store.db, acme.tenant.id, about, front.clock.at);
  expect(await task(erasing.id)).toMatchObject({ canStop: false, canResume: false });
  for (const [deed, why] of [
    ["stop", "what is being erased cannot be kept any more"],
    ["resume", "only a reading goes on"],
  ])
    expect(await admin.tell(`/api/v1/tasks/${erasing.id}/${deed}`, {})).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining(`${why}`) },
    });
  await endTask(front.store.db, acme.tenant.id, "rcp_1", {}, front.clock.at);
});

test("of another workspace nobody stops or resumes anything", async () => {
  const other = await front.customer("Other");
  const stranger = browsing(front.url, await front.people.cookie("admin", other.tenant));
  const { id } = await reading();
  await checkpoint("baseline");
  for (const deed of ["stop", "resume"])
    expect((await stranger.tell(`/api/v1/tasks/${id}/${deed}`, {})).status).toBe(404);
  expect(await task(id)).toMatchObject({ state: "running" });
  await stopTask(front.store.db, acme.tenant.id, id, front.clock.at);
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
  await reading("backfill");
  const [first, ...others] = await tasks();
  expect(first).toMatchObject({ kind: "backfill", state: "running" });
  expect(others.length).toBeGreaterThan(2);
  expect(others.filter(({ state }) => state === "running")).toEqual([]);
  later(86_400_000);
  admin = browsing(front.url, await front.people.cookie("admin", acme.tenant));
  const { body } = await admin.tell<TasksView>("/api/v1/tasks");
  expect(body.tasks.map(({ kind }) => kind)).toEqual(["backfill"]);
});
