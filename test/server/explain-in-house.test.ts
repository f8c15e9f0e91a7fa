import { afterAll, beforeAll, expect, test } from "vitest";
import { type ExplanationView, explanationView } from "../../server/api/record.ts";
import { type Customer, type Front, openFront } from "./front.ts";

let front: Front;
let acme: Customer;
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
});
afterAll(() => front.close());

async function push(record_id: string, stage: string, more: object): Promise<void> {
  const change = { record_id, pipeline: "sales", stage, occurred_at: "2026-11-23T08:00:00Z", ...more };
  const answer = await fetch(`${front.url}/ingest/v1/stage-changes`, {
    method: "POST",
    headers: { authorization: acme.bearer },
    body: JSON.stringify(change),
  });
  expect(answer.status).toBe(202);
}
/** The bodies of what was read are let go of when reading goes on. */
async function readAndForget(): Promise<void> {
  await front.read();
  front.clock.at = new Date(front.clock.at.getTime() + 3_600_000);
  await front.read();
}
async function ask(id: string): Promise<ExplanationView> {
  const query = new URLSearchParams({ object: "lead", record: id });
  const answer = await front.fetch(`/api/v1/connections/${acme.connection.id}/explain?${query}`);
  return explanationView.parse(await answer.json());
}

test("what was pushed is explained before it is read, after it was read, and after its contact data went", async () => {
  await push("1", "Engaging", { email: "ana@example.com", phone: "nonsense" });
  const waiting = await ask("1");
  expect(waiting).toMatchObject({ found: "in_crm", person: "found", keys: ["em"] });
  expect(waiting.entries.map(({ stageId, filled, next, ledger }) => [stageId, filled, next, ledger])).toEqual([
    ["Prospecting", true, "event", undefined],
    ["Engaging", false, "event", undefined],
  ]);
  expect((await ask("1")).entries, "asking clears nothing").toEqual(waiting.entries);

  await readAndForget();
  const read = await ask("1");
  expect(read).toMatchObject({ found: "in_ledger", person: "found", keys: ["em"] });
  expect(read.entries.map(({ payload }) => payload)).toEqual(waiting.entries.map(({ payload }) => payload));
  expect(read.entries.every(({ delivery, next }) => delivery?.state === "waiting" && next === undefined)).toBe(true);
});

test("of a person who is not kept it says so, and judges the rules that need nobody", async () => {
  await push("2", "Won", { first_name: "Ana" });
  await readAndForget();
  const { found, person, entries } = await ask("2");
  expect([found, person]).toEqual(["in_ledger", "not_kept"]);
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({ ledger: { outcome: "no_match_key", title: "Nobody to match" } });
  expect(entries[0]?.ifNew ?? entries[0]?.payload).toBeUndefined();
  const answers = Map.groupBy(entries[0]?.rules ?? [], ({ answer }) => answer);
  expect([...answers].map(([answer, rules]) => [answer, rules.map(({ rule }) => rule)])).toEqual([
    ["ok", expect.arrayContaining(["stage_not_mapped", "before_live", "too_old"])],
    ["unreached", ["lead_not_found", "no_consent", "before_lead_created", "no_match_key", "event_invalid"]],
  ]);
  await push("3", "Lost", {});
  await front.read();
  expect((await ask("3")).entries[0]).toMatchObject({ ifNew: "stage_ignored", ledger: { outcome: "stage_ignored" } });
});

test("a record that nobody pushed is nowhere", async () => {
  expect(await ask("never")).toMatchObject({ found: "nowhere", person: "not_kept", entries: [] });
});
