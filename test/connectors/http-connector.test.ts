import { expect, test } from "vitest";
import { http } from "../../connectors/http/index.ts";
import type { Access, InboxItem } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { ConnectionId, Lead, TenantId } from "../../core/types.ts";

const config = http.config.parse({
  pipelines: [
    {
      id: "sales",
      label: "Sales",
      stages: [
        { id: "new", label: "New" },
        { id: "won", label: "Won", outcome: "won" },
      ],
    },
  ],
});
type Config = typeof config;

const lead = (email: string): Lead => ({ contact: { em: [email] } });
const pushed = (seq: number, id: string, stageId: string, person = lead(id)): InboxItem => ({
  seq,
  lead: person,
  observation: {
    record: { object: "lead", id },
    pipelineId: "sales",
    stageId,
    enteredAt: new Date(1_795_000_000_000 + seq),
    timeQuality: "exact",
  },
});

function access(items: readonly InboxItem[] | undefined): Access<Config> {
  const refuse = async () => {
    throw new Failure("host_not_allowed");
  };
  return {
    tenantId: "ten_1" as TenantId,
    connectionId: "con_1" as ConnectionId,
    accountId: "crm",
    config,
    baseUrl: "",
    fetch: refuse,
    token: refuse,
    clock: { now: () => new Date("2026-11-23T12:00:00Z") },
    log: { info() {}, warn() {}, error() {} },
    ...(items && { inbox: { read: async (after, limit) => items.filter(({ seq }) => seq > after).slice(0, limit) } }),
  };
}
const changes = (items: readonly InboxItem[], after = 0) =>
  Array.fromAsync(http.changes(access(items), { v: 1, after }));

test("The first reading begins with the first item: what was pushed before it is not passed over", async () => {
  const pages = await Array.fromAsync(http.baseline(access([pushed(1, "a", "new")]), undefined));
  expect(pages).toMatchObject([{ observations: [{ stageId: "new" }], checkpoint: { v: 1, after: 1 }, caughtUp: true }]);
});

test("Pushed items come in order with their leads, and the checkpoint stands at the last", async () => {
  const pages = await changes([pushed(3, "a", "new"), pushed(7, "b", "new"), pushed(8, "a", "won")]);
  expect(pages).toHaveLength(1);
  expect(pages[0]?.observations.map(({ record, stageId }) => `${record.id} ${stageId}`)).toEqual([
    "a new",
    "b new",
    "a won",
  ]);
  expect(pages[0]?.leads).toEqual(
    new Map([
      ["lead:a", lead("a")],
      ["lead:b", lead("b")],
    ]),
  );
  expect(pages[0]).toMatchObject({ checkpoint: { v: 1, after: 8 }, caughtUp: true });
});

test("A record that comes again with other data begins a page of its own", async () => {
  const pages = await changes([pushed(1, "a", "new"), pushed(2, "b", "new"), pushed(3, "a", "won", lead("other"))]);
  expect(pages.map(({ checkpoint, caughtUp, leads }) => [checkpoint.after, caughtUp, leads?.get("lead:a")])).toEqual([
    [2, false, lead("a")],
    [3, true, lead("other")],
  ]);
});

test("Resuming after any page gives exactly what was not yet read", async () => {
  const items = Array.from({ length: 1_203 }, (_, n) => pushed(n * 2 + 1, `r${n % 700}`, "new"));
  const all = await changes(items);
  expect(all.flatMap(({ observations }) => observations)).toEqual(items.map(({ observation }) => observation));
  expect(all.at(-1)?.caughtUp).toBe(true);
  let done = 0;
  for (const page of all) {
    done += page.observations.length;
    const rest = await changes(items, http.checkpoint.parse(JSON.parse(JSON.stringify(page.checkpoint))).after);
    expect(rest.flatMap(({ observations }) => observations)).toHaveLength(items.length - done);
  }
});

test("Nothing new is one empty page that keeps the checkpoint", async () => {
  expect(await changes([pushed(1, "a", "new")], 1)).toMatchObject([
    { observations: [], checkpoint: { v: 1, after: 1 }, caughtUp: true },
  ]);
});

test("Pipelines are the declared ones, and without any the check says what to do", async () => {
  expect(await http.pipelines(access([]))).toEqual([
    {
      id: "sales",
      label: "Sales",
      object: "lead",
      stages: [
        { id: "new", label: "New", outcome: "open", active: true },
        { id: "won", label: "Won", outcome: "won", active: true },
      ],
    },
  ]);
  expect(await http.check(access([]))).toMatchObject({ ok: true });
  expect(await http.check({ ...access([]), config: http.config.parse({}) })).toMatchObject({
    ok: false,
    probes: [{ ok: true }, { ok: false, hint: expect.stringContaining("Declare") }],
  });
});

test("A connection without an inbox is a fault of the configuration", async () => {
  await expect(Array.fromAsync(http.changes(access(undefined), { v: 1, after: 0 }))).rejects.toMatchObject({
    code: "config_invalid",
  });
});
