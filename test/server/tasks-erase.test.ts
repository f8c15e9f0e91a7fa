import { afterAll, beforeAll, expect, test } from "vitest";
import type { PersonErased } from "../../server/api/people.ts";
import { type TasksView, tasksView } from "../../server/api/tasks.ts";
import { addDataset } from "../../server/store/datasets.ts";
import { emptyTenant } from "../../server/store/tenant-rows.ts";
import { createTenant } from "../../server/store/tenants.ts";
import { type Browsing, browsing } from "./browsing.ts";
import { type Customer, type Front, openFront } from "./front.ts";
import { refusedEvents } from "./tasks-world.ts";

let front: Front;
let acme: Customer;
let admin: Browsing;
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
  admin = browsing(front.url, await front.people.cookie("admin", acme.tenant));
});
afterAll(() => front.close());

async function push(from: number, count: number, email: string): Promise<void> {
  const changes = Array.from({ length: count }, (_, n) => ({
    ...{ record_id: String(from + n), object: "lead", pipeline: "sales", stage: "Won", email },
    occurred_at: "2026-11-23T08:00:00Z",
  }));
  const headers = { authorization: acme.bearer, "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify(changes) };
  expect((await fetch(`${front.url}/ingest/v1/stage-changes`, init)).status).toBe(202);
  await front.read();
}
const tasks = async () => tasksView.parse((await admin.tell<TasksView>("/api/v1/tasks")).body).tasks;

test("erasing a person of many records is long work, told in counts alone; of few records nobody is told", async () => {
  await push(1, 3, "bob@canary.example");
  await admin.tell("/api/v1/people/erase", { by: "mail", value: "bob@canary.example" });
  expect(await tasks()).toEqual([]);

  await push(100, 120, "ann@canary.example");
  const erased = await admin.tell<PersonErased>("/api/v1/people/erase", { by: "mail", value: "ann@canary.example" });
  expect(erased).toMatchObject({ status: 200, body: { records: 120 } });
  const [task, ...others] = await tasks();
  expect(others).toEqual([]);
  expect(task).toMatchObject({
    kind: "erase_person",
    state: "done",
    done: 120,
    total: 120,
    about: { id: erased.body.receipt.split("/").at(-1) },
    by: { name: "The admin" },
    canStop: false,
  });
  const { rows } = await front.store.pool.query("select t::text as row from task t");
  expect(JSON.stringify(rows)).not.toMatch(/ann|canary|[0-9a-f]{64}/);
  expect(await admin.tell(`/api/v1/tasks/${task?.id}/stop`, {})).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining("it is over already") },
  });
});

test("emptying a workspace tells slice by slice how many of its rows are gone", async () => {
  const { db } = front.store;
  const now = front.clock.now();
  const { id } = await createTenant(db, { name: "Ending", allowedKeys: [] }, now);
  const dataset = await addDataset(db, { tenantId: id, metaId: "1234567890", name: "Leads" }, now);
  await refusedEvents(front.store, dataset, 2_500, now);
  const told: number[][] = [];
  await emptyTenant(db, id, now, async (...soFar) => void told.push(soFar));
  expect(told.length).toBeGreaterThan(1);
  expect(told.every(([done = 0, total = 0], n) => done <= total && done >= (told[n - 1]?.[0] ?? 0))).toBe(true);
});
