import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../../core/types.ts";
import { mappingChecked, mappingSaved, mappingView, versionsView, versionView } from "../../server/api/mapping.ts";
import type { Config } from "../../server/config.ts";
import { listAudit } from "../../server/store/audit.ts";
import { changeConnection } from "../../server/store/connections.ts";
import { findMapping, saveMapping } from "../../server/store/mappings.ts";
import { listProblems } from "../../server/store/problem-list.ts";
import { countStageEntries } from "../../server/store/stage-entries.ts";
import { watchProblems } from "../../server/workers/problems.ts";
import { openOwn } from "../../server/workspaces/own.ts";
import { temporaryFolder } from "../postgres.ts";
import { type Customer, type Front, openFront } from "./front.ts";
import type { Asker } from "./people.ts";

let front: Front;
let acme: Customer;
beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());

let customers = 0;
beforeEach(async () => {
  customers += 1;
  acme = await front.customer(`Acme ${customers}`);
});

const keep = { fillSkipped: true, sendValue: false };
const choose = (stageId: string, more: object = {}) => ({
  pipelineId: "sales",
  stageId,
  eventName: stageId,
  send: true,
  entries: "first",
  ...more,
});
async function ask(path: string, body?: unknown, asker: Asker = "admin", customer = acme) {
  const answer = await front.people.as(asker, customer.tenant)(
    `/api/v1/connections/${customer.connection.id}${path}`,
    body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
  );
  return { status: answer.status, body: (await answer.json()) as { code?: string; detail?: string } };
}
const mapping = async () => mappingView.parse((await ask("/mapping")).body);
async function save(from: number, ...rules: readonly object[]) {
  const { status, body } = await ask("/mapping", { from, rules, ...keep });
  expect([status, body]).toMatchObject([200, {}]);
  return mappingSaved.parse(body);
}
/** What the in-house CRM declares from now on. */
async function declare({ id, tenantId }: Connection, ...stages: readonly string[]): Promise<void> {
  const config = {
    pipelines: [{ id: "sales", label: "Sales", stages: stages.map((one) => ({ id: one, label: one })) }],
  };
  await changeConnection(front.store.db, tenantId, id, { config });
}
async function push(stage: string, record: string): Promise<void> {
  const body = {
    record_id: record,
    pipeline: "sales",
    stage,
    occurred_at: "2026-11-23T08:00:00Z",
    email: "a@b.example",
  };
  const init = { method: "POST", headers: { authorization: acme.bearer }, body: JSON.stringify(body) };
  expect((await fetch(`${front.url}/ingest/v1/stage-changes`, init)).status).toBe(202);
}

describe("a mapping that nobody has looked at yet", () => {
  test("says that it is suggested, what the CRM has, and what was entered in four weeks", async () => {
    await push("Engaging", "1");
    await push("Engaging", "2");
    await push("Won", "1");
    await front.read();
    const found = await mapping();
    expect(found).toMatchObject({
      version: 1,
      savedBy: { by: "suggestion" },
      live: true,
      crm: { answered: true },
      namesInUse: ["Engaging", "Prospecting", "Won"],
      connection: { connector: "http", crmName: "In-house CRM" },
      issues: [],
      behind: [],
    });
    const [pipeline] = found.pipelines;
    expect(pipeline).toMatchObject({ id: "sales", label: "Sales", object: "lead" });
    expect(pipeline?.stages.map(({ id, state, entered, rule }) => [id, state, entered, rule?.send])).toEqual([
      ["Prospecting", "mapped", 0, true],
      ["Engaging", "mapped", 2, true],
      ["Won", "mapped", 1, true],
      ["Lost", "mapped", 0, false],
    ]);
  });

  test("is confirmed by saving it as it is, and saving it again changes nothing", async () => {
    expect(await save(1)).toMatchObject({ version: 2, savedBy: { by: "person", name: "The admin" }, changes: [] });
    expect((await save(2)).version).toBe(2);
    expect((await mapping()).savedBy).toEqual({ by: "person", name: "The admin" });
  });
});

describe("checking a draft", () => {
  test("tells all that is wrong and all that would change, and saves nothing", async () => {
    const rules = [choose("Engaging", { eventName: "Opportunity" }), choose("Won", { eventName: "" })];
    const { status, body } = await ask("/mapping/check", { rules, ...keep }, "viewer");
    expect(status).toBe(200);
    expect(mappingChecked.parse(body)).toMatchObject({
      version: 1,
      issues: [{ severity: "error", code: "no_name", stageId: "Won" }],
      changes: [
        "From now on “Engaging” is sent as “Opportunity”, no longer as “Engaging”.",
        "From now on “Won” is sent as “”, no longer as “Won”.",
      ],
      sent: 3,
      stages: 4,
    });
    expect((await mapping()).version).toBe(1);
  });
});

describe("saving a draft", () => {
  test("makes the next version, which holds for what is read next, and writes down what changed", async () => {
    await save(1, choose("Engaging", { eventName: "Opportunity" }));
    await push("Engaging", "7");
    await front.read();
    const { rows } = await front.store.pool.query(
      "select o.payload::json ->> 'event_name' as name, s.mapping_version as version from outbox o join record_stage s using (tenant_id, connection_id, record, place) where tenant_id = $1",
      [acme.tenant.id],
    );
    expect(rows).toContainEqual({ name: "Opportunity", version: 2 });
    const [entry] = await front.store.web(acme.tenant.id, (trx) =>
      listAudit(trx, acme.tenant.id, { limit: 1, what: "mapping.saved" }),
    );
    expect(entry).toMatchObject({
      what: "mapping.saved",
      about: {
        id: acme.connection.id,
        from: 1,
        to: 2,
        changed: 1,
        changes: "From now on “Engaging” is sent as “Opportunity”, no longer as “Engaging”.",
      },
    });
  });

  test("keeps the stages' names, so that a version is still readable when a stage is deleted", async () => {
    await save(1, choose("Engaging", { eventName: "X" }));
    await declare(acme.connection, "Prospecting", "Trial", "Won");
    const { pipelines, issues } = await mapping();
    expect(pipelines[0]?.stages.map(({ id, label, state }) => `${id} ${label} ${state}`)).toEqual([
      "Prospecting Prospecting mapped",
      "Engaging Engaging gone",
      "Trial Trial new",
      "Won Won mapped",
      "Lost Lost gone",
    ]);
    expect(issues).toMatchObject([{ code: "gone_sent", stageId: "Engaging" }]);
    await save(2, choose("Engaging", { send: false }), choose("Trial", { eventName: "Trial started" }));
    const version = versionView.parse((await ask("/mapping/versions/2")).body);
    expect(version.pipelines[0]?.stages[1]).toMatchObject({ label: "Engaging", eventName: "X", send: true });
  });

  test("with errors is refused with every one of them", async () => {
    const rules = [choose("Engaging", { eventName: " " }), choose("Won", { eventName: "x".repeat(101) })];
    const { status, body } = await ask("/mapping", { from: 1, rules, ...keep });
    expect([status, body.code]).toEqual([400, "input_invalid"]);
    expect(body.detail).toContain("“Engaging”: The event name is empty");
    expect(body.detail).toContain("“Won”: The event name is longer than 100 characters");
    expect((await mapping()).version).toBe(1);
  });

  test("that is older than the newest version is refused, and says who was faster", async () => {
    await save(1, choose("Engaging", { eventName: "Mine" }));
    const { status, body } = await ask(
      "/mapping",
      { from: 1, rules: [choose("Won", { send: false })], ...keep },
      "owner",
    );
    expect([status, body.code]).toEqual([409, "conflict"]);
    expect(body.detail).toContain("The admin saved version 2 meanwhile");
  });

  test("at the same moment as somebody else: one is saved, the other is told, and nothing is written down of it", async () => {
    const both = await Promise.all(
      ["A", "B"].map((eventName) => ask("/mapping", { from: 1, rules: [choose("Engaging", { eventName })], ...keep })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const about = { limit: 10, what: "mapping.saved" };
    expect(await front.store.web(acme.tenant.id, (trx) => listAudit(trx, acme.tenant.id, about))).toHaveLength(1);
    expect((await mapping()).version).toBe(2);
  });
});

test("what the CRM has changed in order and outcome is told before the next version follows it", async () => {
  await declare(acme.connection, "Engaging", "Prospecting", "Won", "Lost");
  expect((await mapping()).behind).toEqual([
    "“Won” counts as open, as the CRM has it now.",
    "The stages of “Sales” are in the CRM's order.",
  ]);
  await save(1);
  expect(await mapping()).toMatchObject({ version: 2, behind: [] });
});

test("the versions are told newest first, page by page, with what each changed", async () => {
  await save(1, choose("Engaging", { eventName: "A" }));
  await save(2, choose("Engaging", { eventName: "B" }));
  const first = versionsView.parse((await ask("/mapping/versions?limit=2", undefined, "viewer")).body);
  expect(first.versions.map(({ version, changes }) => [version, changes[0]])).toEqual([
    [3, "From now on “Engaging” is sent as “B”, no longer as “A”."],
    [2, "From now on “Engaging” is sent as “A”, no longer as “Engaging”."],
  ]);
  const rest = versionsView.parse((await ask(`/mapping/versions?limit=2&cursor=${first.next}`)).body);
  expect(rest).toMatchObject({ versions: [{ version: 1, changes: ["3 of 4 stages are sent."] }] });
  expect(rest.next).toBeUndefined();
  expect((await ask("/mapping/versions/9")).status).toBe(404);
  expect((await ask("/mapping/versions/x")).status).toBe(404);
});

test("the file that declares an in-house CRM brings its new stages, and leaves alone what a person chose", async () => {
  const dir = await temporaryFolder();
  const file = join(dir, "pipelines.json");
  const start = async (...stages: readonly string[]) => {
    const pipelines = [{ id: "sales", label: "Sales", stages: stages.map((id) => ({ id, label: id })) }];
    await writeFile(file, JSON.stringify({ pipelines }));
    const { access, connectors } = front.parts.api;
    const { ingest } = await openOwn({ IN_HOUSE_PIPELINES: file } as Config, connectors, access, front.workspace);
    if (!ingest) throw new Error("there is no in-house CRM");
    await front.read();
    return ingest.connection;
  };
  const newest = async ({ tenantId, id }: Connection) => {
    const saved = await findMapping(front.store.db, tenantId, id);
    return saved?.mapping.rules.map(({ stageId, eventName, send }) => `${stageId} as ${eventName} ${send}`);
  };
  const connection = await start("New", "Demo", "Won");
  const { tenantId, id } = connection;
  const saved = await findMapping(front.store.db, tenantId, id);
  if (!saved) throw new Error("nothing is mapped yet");
  const { version: from, rules, ...rest } = saved.mapping;
  const chosen = rules.map((rule) => (rule.stageId === "New" ? { ...rule, eventName: "Lead" } : rule));
  await saveMapping(
    front.store.db,
    tenantId,
    id,
    { from, mapping: { ...rest, rules: chosen }, savedBy: "usr_a" },
    new Date(),
  );
  await start("New", "Trial", "Won");
  expect(await newest(connection)).toEqual([
    "New as Lead true",
    "Demo as Demo false",
    "Trial as Trial true",
    "Won as Won true",
  ]);
  await start("New", "Trial", "Won");
  expect((await findMapping(front.store.db, tenantId, id))?.mapping.version).toBe(3);
  await rm(dir, { recursive: true });
});

test("a stage that the mapping does not know opens a problem, which is over once somebody has chosen", async () => {
  const { store } = front;
  const log = { info() {}, warn() {}, error: (message: string) => expect(message).toBe("") };
  const watch = watchProblems({
    store,
    log,
    crmName: () => "In-house CRM",
    consoleUrl: () => "https://console.example",
  });
  const problems = async () => {
    await watch(front.clock.now());
    return await listProblems(store.db, acme.tenant.id, { state: "open" }, front.clock.now());
  };
  expect(await problems()).toEqual([]);
  await declare(acme.connection, "Prospecting", "Trial", "Engaging", "Won", "Lost");
  await push("Trial", "1");
  await push("Trial", "2");
  await front.read();
  const { id } = acme.connection;
  expect(await problems()).toMatchObject([{ cause: `unmapped:${id}`, code: "new_stage", affected: 2, about: id }]);
  await save(1, choose("Won", { eventName: "Customer" }));
  expect(await problems()).toHaveLength(1);
  await save(2, choose("Trial", { send: false }));
  expect(await problems()).toEqual([]);
});

test("labels are text, whatever they hold", async () => {
  const evil = "<script>alert(1)</script>\u202e";
  const config = { pipelines: [{ id: "sales", label: evil, stages: [{ id: "a", label: evil }] }] };
  await changeConnection(front.store.db, acme.tenant.id, acme.connection.id, { config });
  const found = await mapping();
  expect(found.pipelines[0]).toMatchObject({ label: evil });
  expect((await save(1, choose("a", { eventName: "Lead" }))).changes[0]).toContain("“<script>alert(1)</script>”");
});

describe("stage entries", () => {
  test("are counted without those that were filled in", async () => {
    await push("Won", "1");
    await front.read();
    const since = new Date("2026-10-26T09:00:00Z");
    const { tenant, connection } = acme;
    const counts = await countStageEntries(front.store.db, tenant.id, connection.id, since);
    expect(counts).toEqual([{ pipelineId: "sales", stageId: "Won", count: 1 }]);
  });
});
