import { hash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AuditView } from "../../server/api/audit.ts";
import type { PersonExported } from "../../server/api/people.ts";
import type { WorkspaceView } from "../../server/api/workspace.ts";
import { type Browsing, browsing } from "./browsing.ts";
import { type Customer, type Front, openFront } from "./front.ts";

let front: Front;
let acme: Customer;
let other: Customer;
let admin: Browsing;
beforeAll(async () => {
  front = await openFront();
  acme = await front.customer("Acme");
  other = await front.customer("Other");
  admin = browsing(front.url, await front.people.cookie("admin", acme.tenant));
  const ann = { record_id: "4711", lead_id: "5100000470389255", email: "ann@canary.example" };
  const bob = { record_id: "4712", email: "bob@else.example" };
  for (const of of [acme, other]) for (const person of [ann, bob]) await push(person, of);
  await front.read();
  await push({ ...ann, stage: "Won", occurred_at: "2026-11-23T08:30:00Z" }, acme);
});
afterAll(() => front.close());

async function push(person: object, of: Customer): Promise<void> {
  const change = { object: "lead", pipeline: "sales", stage: "Engaging", occurred_at: "2026-11-23T08:00:00Z" };
  const init = {
    method: "POST",
    headers: { authorization: of.bearer },
    body: JSON.stringify({ ...change, ...person }),
  };
  expect((await fetch(`${front.url}/ingest/v1/stage-changes`, init)).status).toBe(202);
}
/** Each later than the one before, so that the audit log has an order. */
const tick = (): void => {
  front.clock.at = new Date(front.clock.at.getTime() + 1);
};
beforeEach(tick);
const ask = (asked: object) => admin.tell<PersonExported>("/api/v1/people/export", asked);

describe("a copy of what is held of a person", () => {
  test.each([
    { by: "mail", value: "Ann@canary.example" },
    { by: "lead_id", value: "5100000470389255" },
    { by: "record", object: "lead", record: "4711" },
  ])("found by $by holds their entries, events and pushes, and nothing plain", async (asked) => {
    const where = asked.by === "record" ? { connection: acme.connection.id } : {};
    const { body } = await ask({ ...asked, ...where });
    expect(body).toMatchObject({ workspace: "Acme", complete: true });
    const [record, ...more] = body.records;
    expect(more).toEqual([]);
    expect(record).toMatchObject({ crmName: "In-house CRM", account: "Acme CRM", object: "lead", id: "4711" });
    const sent = record?.entries.find(({ stageId }) => stageId === "Engaging");
    expect(sent?.event).toMatchObject({ dataset: "1234567890", state: "waiting" });
    expect(sent?.event?.text).toContain(hash("sha256", "ann@canary.example"));
    expect(record?.pushes.map(({ stageId, text }) => [stageId, text !== undefined])).toEqual([
      ["Engaging", true],
      ["Won", true],
    ]);
    const told = JSON.stringify(body);
    expect(told).not.toContain("canary");
    expect(told).not.toContain("4712");
  });

  test("of whom nothing is held is empty, and says so all the same in the log: how it was looked for, never whom", async () => {
    const { body } = await ask({ by: "mail", value: "nobody@canary.example" });
    expect(body.records).toEqual([]);
    const { entries } = (await admin.tell<AuditView>("/api/v1/audit?what=person.exported")).body;
    expect(entries[0]?.about).toEqual({ by: "mail", records: 0 });
    expect(JSON.stringify(entries)).not.toContain("canary");
  });

  test("and every look at what is held stands in the log", async () => {
    await admin.tell("/api/v1/people/find", { by: "mail", value: "ann@canary.example" });
    const { entries } = (await admin.tell<AuditView>("/api/v1/audit?what=person.looked_for")).body;
    expect(entries.map(({ about }) => about)).toEqual([{ by: "mail", records: 1 }]);
  });

  test("is an admin's to ask for, and never of another workspace", async () => {
    const viewer = browsing(front.url, await front.people.cookie("viewer", acme.tenant));
    expect(await viewer.status("/api/v1/people/export", { by: "mail", value: "ann@canary.example" })).toBe(403);
    const { status } = await ask({ by: "record", connection: other.connection.id, object: "lead", record: "4711" });
    expect(status).toBe(404);
  });
});

test("a workspace tells what is in it before anybody erases it", async () => {
  const { body } = await admin.tell<WorkspaceView>("/api/v1/workspace");
  expect(body).toMatchObject({ name: "Acme", holds: { connections: 1, datasets: 1, waiting: 4 } });
  expect(body.holds.changes).toBeGreaterThanOrEqual(2);
});
