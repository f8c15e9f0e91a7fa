import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditView } from "../../server/api/audit.ts";
import { type ProblemDetail, type ProblemsView, problemDetail, problemsView } from "../../server/api/problems.ts";
import type { Overview } from "../../server/api/schema.ts";
import { type TaskView, tasksView, taskView } from "../../server/api/tasks.ts";
import { watchProblems } from "../../server/workers/problems.ts";
import { silent } from "../postgres.ts";
import { browsing } from "./browsing.ts";
import { type Customer, type Front, openFront } from "./front.ts";
import { refuse } from "./refuse.ts";

let front: Front;
let acme: Customer;
/** Each question has a session of its own: the clock goes by days. */
const as = (role: "admin" | "viewer") => ({
  tell: async <Body>(path: string, body?: object) =>
    await browsing(front.url, await front.people.cookie(role, acme.tenant)).tell<Body>(path, body),
});
const [admin, viewer] = [as("admin"), as("viewer")];
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
  front.clock.at = new Date("2026-11-23T09:00:01Z");
  // The first ten are so old that they expire within the next hours.
  await refuse(front, acme, 450, (n) => (n < 10 ? "2026-11-20T08:00:00Z" : "2026-11-23T08:00:00Z"));
  await watch();
});
afterAll(() => front.close());

const watch = () =>
  watchProblems({ store: front.store, log: silent, crmName: (name) => name, consoleUrl: () => "" })(front.clock.at);
const audit = async () => (await viewer.tell<AuditView>("/api/v1/audit")).body.entries;
const listed = async (state = "open") =>
  problemsView.parse((await viewer.tell<ProblemsView>(`/api/v1/problems?state=${state}`)).body).problems;
const detail = async (id: string, query = "") =>
  problemDetail.parse((await viewer.tell<ProblemDetail>(`/api/v1/problems/${id}${query}`)).body);
const count = async () => (await viewer.tell<Overview>("/api/v1/overview")).body.problems;
const first = async () => (await listed())[0]?.id ?? "";
/** Each at an instant of its own. */
const tell = async <Body>(path: string, body: object = {}) => {
  front.clock.at = new Date(front.clock.at.getTime() + 1);
  return await admin.tell<Body>(`/api/v1${path}`, body);
};

describe("a problem", () => {
  test("is told in the catalogue's words, with its numbers in the reader's time", async () => {
    const [problem, ...others] = await listed();
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      code: "refused_invalid",
      kind: "refused",
      state: "open",
      title: "Refused by Meta",
      sentence: expect.stringMatching(/^Refused by Meta: 450 events\./),
      numbers: "450 events. Each of them can be sent again before Friday 07:00 UTC.",
      affected: 450,
      words: "Not like this",
      standsStill: false,
      canRedrive: true,
    });
    expect(await count()).toBe(1);
    const { body } = await viewer.tell<ProblemsView>("/api/v1/problems?zone=Europe/Berlin");
    expect(body.problems[0]?.numbers).toContain("before Friday 08:00.");
    expect((await viewer.tell("/api/v1/problems?zone=Mars/Olympus")).status).toBe(400);
  });

  test("is told whole: how it is mended step by step, with examples and its history", async () => {
    const problem = await detail(await first());
    expect(problem.steps.map(({ place }) => place)).toEqual([undefined, "mapping", "send_again"]);
    expect(problem.examples.map(({ seq }) => seq)).toEqual([450, 449, 448, 447, 446]);
    expect(problem.examples[0]).toMatchObject({
      datasetId: acme.datasetId,
      record: { object: "lead", id: "450" },
      eventName: "Prospecting",
      words: "Not like this",
    });
    expect(problem.history).toEqual([{ at: problem.openedAt, what: "opened" }]);
    expect(problem).not.toHaveProperty("task");
  });

  test("is acknowledged by name, stays open, and the log knows", async () => {
    const id = await first();
    const { status, body } = await tell<ProblemDetail>(`/problems/${id}/acknowledge`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: "acknowledged", acknowledged: { by: { id: expect.stringMatching(/^usr_/) } } });
    expect(await listed()).toMatchObject([{ id, state: "acknowledged" }]);
    expect(await count()).toBe(1);
    expect((await audit())[0]).toMatchObject({ what: "problem.acknowledged", about: { problem: id } });
  });

  test("is muted for some days, is not counted then, and heard of again whenever an admin wants", async () => {
    const id = await first();
    expect((await tell(`/problems/${id}/mute`, { days: 31 })).status).toBe(400);
    const { body } = await tell<ProblemDetail>(`/problems/${id}/mute`, { days: 7 });
    expect(body).toMatchObject({ state: "muted", muted: { until: "2026-11-30T09:00:01.003Z" } });
    expect(await listed()).toEqual([]);
    expect(await listed("muted")).toMatchObject([{ id, canRedrive: true }]);
    expect(await count()).toBe(0);
    expect((await tell(`/problems/${id}/unmute`)).status).toBe(200);
    expect((await tell(`/problems/${id}/unmute`)).status, "it is not muted any more").toBe(409);
    expect(await listed()).toMatchObject([{ id }]);
    const { history } = await detail(id);
    expect(history.map(({ what }) => what)).toEqual(["opened", "acknowledged", "muted", "unmuted"]);
    expect(history[2]).toMatchObject({ by: { id: expect.stringMatching(/^usr_/) }, until: "2026-11-30T09:00:01.003Z" });
  });
});

describe("sending the events of a problem again", () => {
  test("is long work: begun once, done slice by slice, but for what is too old", async () => {
    const id = await first();
    front.clock.at = new Date("2026-11-27T07:30:00Z"); // ten are past their deadline now
    const asked = taskView.parse((await tell<TaskView>(`/problems/${id}/redrive`)).body);
    expect(asked).toMatchObject({
      kind: "redrive",
      state: "running",
      about: { id, title: "Refused by Meta", name: "Acme leads" },
      done: 0,
      total: 450,
      canStop: true,
      by: { id: expect.stringMatching(/^usr_/) },
    });
    const same = (await tell<TaskView>(`/problems/${id}/redrive`, { as: "rebuilt" })).body;
    expect(same.id).toBe(asked.id);
    expect((await detail(id)).task).toMatchObject({ id: asked.id, state: "running" });

    await front.tasks();
    const done = taskView.parse((await viewer.tell(`/api/v1/tasks/${asked.id}`)).body);
    expect(done).toMatchObject({
      state: "done",
      done: 450,
      counts: { taken: 440, tooOld: 10, heldBack: 0, unknown: 0 },
      canStop: false,
    });
    const { tasks } = tasksView.parse((await viewer.tell("/api/v1/tasks")).body);
    expect(tasks).toEqual([done]);
    expect((await viewer.tell<Overview>("/api/v1/overview")).body.datasets[0]).toMatchObject({ waiting: 440 });
    const again = (await audit()).filter(({ what }) => what === "problem.sent_again");
    expect(again).toMatchObject([{ about: { problem: id, affected: 450, as: "it_was" } }]);
  });

  test("sends nothing twice, and does not count as too old what went again in time", async () => {
    const id = await first();
    await tell(`/problems/${id}/redrive`);
    await front.tasks();
    front.clock.at = new Date("2026-11-29T09:00:00Z");
    await tell(`/problems/${id}/redrive`);
    await front.tasks();
    const { tasks } = tasksView.parse((await viewer.tell("/api/v1/tasks")).body);
    expect(tasks.map(({ counts }) => counts)).toEqual([{ taken: 0, tooOld: 10, heldBack: 0, unknown: 0 }]);
    const { history, task } = await detail(id);
    expect(history.filter(({ what }) => what === "sent_again").map(({ taken }) => taken)).toEqual([440, 0, 0]);
    expect(task?.id).toBe(tasks[0]?.id);
  });

  test("is refused where there is nothing of the kind", async () => {
    await watch();
    const [over] = await listed("resolved");
    expect(over).toMatchObject({ state: "resolved", ended: "mended", canRedrive: false });
    expect(await tell(`/problems/${over?.id}/redrive`)).toMatchObject({ status: 409 });
    expect(await tell(`/problems/${over?.id}/acknowledge`)).toMatchObject({ status: 409 });
    expect(await tell(`/problems/${over?.id}/mute`, { days: 1 })).toMatchObject({ status: 409 });
    expect((await detail(over?.id ?? "")).history.at(-1)).toMatchObject({ what: "resolved", ended: "mended" });
  });
});

test("the resolved ones come page by page, the latest first", async () => {
  const rows = Array.from({ length: 130 }, (_, n) => {
    const at = new Date(Date.UTC(2026, 9, 1) + n * 60_000);
    const about = { tenant_id: acme.tenant.id, id: `prb_old${n}`, cause: `drift:con_${n}`, code: "drift", about: null };
    return { ...about, affected: 1, opened_at: at, seen_at: at, closed_at: at, deadline_at: null, details: "{}" };
  });
  await front.store.db.insertInto("problem").values(rows).execute();
  const { body: one } = await viewer.tell<ProblemsView>("/api/v1/problems?state=resolved");
  const { body: two } = await viewer.tell<ProblemsView>(`/api/v1/problems?state=resolved&before=${one.next}`);
  expect([one.problems.length, two.problems.length, two.next]).toEqual([100, 31, undefined]);
  const all = [...one.problems, ...two.problems];
  expect(new Set(all.map(({ id }) => id)).size).toBe(131);
  expect(all.at(-1)?.id).toBe("prb_old0");
});
