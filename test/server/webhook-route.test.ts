import { createHmac, randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Connection } from "../../core/types.ts";
import { startSandbox } from "../../server/sandbox/start.ts";
import { connectCrm, ensureTenant } from "../../server/workspaces/workspace.ts";
import { temporaryFolder } from "../postgres.ts";
import { type Front, openFront, webhookSecret } from "./front.ts";

let front: Front;
let secrets: string[];
let acme: Connection;

beforeAll(async () => {
  front = await openFront(({ webhooks }) => ({ webhooks: { ...webhooks, secrets: async () => secrets } }));
});
afterAll(() => front.close());
beforeEach(async () => {
  secrets = [webhookSecret];
  front.clock.at = new Date("2026-11-23T09:00:00Z");
  front.woken.webhooks = 0;
  acme = await connection("Acme", "62515");
});
afterEach(async () => {
  for (const table of ["ring", "lane", "connection"] as const) await front.store.db.deleteFrom(table).execute();
});

async function connection(tenantName: string, accountId: string): Promise<Connection> {
  const { id: tenantId } = await ensureTenant(tenantName, { defaultCountry: "US" }, front.workspace);
  const account = { connector: "hubspot", accountId, name: `${tenantName} HubSpot`, config: {} };
  return connectCrm({ tenantId, ...account }, undefined, front.workspace);
}
const moved = (objectId: number, portalId = 62515) => ({
  portalId,
  objectId,
  subscriptionType: "deal.propertyChange",
  propertyName: "dealstage",
  propertyValue: "closedwon",
});
/** HubSpot's v3 signature of these bytes. */
function signed(
  body: string | Uint8Array,
  { secret = webhookSecret, at = front.clock.at, path = "/webhooks/hubspot" } = {},
) {
  const time = String(at.getTime());
  const signature = createHmac("sha256", secret)
    .update(`POST${front.url}${path}`)
    .update(body)
    .update(time)
    .digest("base64");
  return { "x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": time };
}
async function ring(body: string | Uint8Array, headers: Record<string, string> = signed(body)) {
  const init = { method: "POST", headers: { "content-type": "application/json", ...headers } };
  const answer = await fetch(`${front.url}/webhooks/hubspot`, { ...init, body: body as string });
  return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
}
const rings = () =>
  front.store.db.selectFrom("ring").select(["connection_id", "object", "record_id"]).orderBy("record_id").execute();
const dueAt = async ({ id }: Connection) =>
  (await front.store.db.selectFrom("lane").select("due_at").where("id", "=", id).executeTakeFirst())?.due_at;

describe("a webhook", () => {
  test("that is signed is stored, makes its connection due and is answered with nothing", async () => {
    const lane = { tenantId: acme.tenantId, id: acme.id };
    const [lease] = await front.store.outbox.claim("read", front.clock.at, 1, 60_000);
    if (lease) await front.store.outbox.release(lease, { dueAt: new Date("2026-11-24T00:00:00Z") }, front.clock.at);
    expect(await ring(JSON.stringify([moved(1), moved(2), moved(1)]))).toEqual({ status: 204, type: null, text: "" });
    expect(await rings()).toEqual([
      { connection_id: lane.id, object: "deal", record_id: "1" },
      { connection_id: lane.id, object: "deal", record_id: "2" },
    ]);
    expect(await dueAt(acme)).toEqual(front.clock.at);
    expect(front.woken.webhooks).toBe(1);
  });

  test("signed with the previous secret is taken while the secret is changed", async () => {
    secrets = ["the new secret", webhookSecret];
    expect((await ring(JSON.stringify([moved(1)]))).status).toBe(204);
    expect(await rings()).toHaveLength(1);
  });

  test("rings at every customer who connected the account, and at nobody else", async () => {
    const same = await connection("Agency", "62515");
    await connection("Other", "999");
    expect((await ring(JSON.stringify([moved(1)]))).status).toBe(204);
    expect((await rings()).map((row) => row.connection_id).sort()).toEqual([acme.id, same.id].sort());
  });

  test("about several accounts rings at each", async () => {
    const other = await connection("Other", "999");
    expect((await ring(JSON.stringify([moved(1), moved(2, 999), moved(3, 12345)]))).status).toBe(204);
    expect((await rings()).map((row) => [row.connection_id, row.record_id])).toEqual([
      [acme.id, "1"],
      [other.id, "2"],
    ]);
  });

  test("about an account that nobody connected is answered well, or HubSpot would send it again", async () => {
    expect((await ring(JSON.stringify([moved(1, 12345)]))).status).toBe(204);
    expect(await rings()).toEqual([]);
  });

  test("that says nothing about stages rings nobody", async () => {
    const renamed = { ...moved(1), propertyName: "dealname" };
    expect((await ring(JSON.stringify([renamed, { strange: true }, null]))).status).toBe(204);
    expect(await rings()).toEqual([]);
  });
});

describe("a signature", () => {
  const body = JSON.stringify([{ ...moved(1), propertyValue: "private" }]);
  const minutes = (count: number) => new Date(front.clock.at.getTime() + count * 60_000);

  test.each<[string, () => Record<string, string>]>([
    ["is missing", () => ({})],
    ["has no time", () => ({ "x-hubspot-signature-v3": signed(body)["x-hubspot-signature-v3"] })],
    ["is made with another secret", () => signed(body, { secret: "other" })],
    ["is of another body", () => signed(`${body} `)],
    ["is of another address", () => signed(body, { path: "/webhooks/other" })],
    ["is of another time", () => ({ ...signed(body), "x-hubspot-request-timestamp": String(minutes(1).getTime()) })],
    ["is more than 5 minutes old", () => signed(body, { at: minutes(-5.1) })],
    ["is more than 5 minutes ahead", () => signed(body, { at: minutes(5.1) })],
    ["is cut short", () => ({ ...signed(body), "x-hubspot-signature-v3": "AAAA" })],
    ["is of another version", () => ({ "x-hubspot-signature": signed(body)["x-hubspot-signature-v3"] })],
  ])("that %s is refused, and nothing is stored", async (_, headers) => {
    const { status, type, text } = await ring(body, headers());
    expect([status, type]).toEqual([401, "application/problem+json; charset=utf-8"]);
    expect(JSON.parse(text)).toMatchObject({ code: "signature_invalid", status: 401 });
    expect(text).not.toContain("private");
    expect(await rings()).toEqual([]);
    expect(front.woken.webhooks).toBe(0);
  });

  test("is over the address that we are known by, whatever the caller says", async () => {
    const headers = { ...signed(body), "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" };
    expect((await ring(body, headers)).status).toBe(204);
  });

  test("cannot be right where there is no secret", async () => {
    secrets = [];
    expect((await ring(body)).status).toBe(401);
    expect((await ring(body, signed(body, { secret: "" }))).status).toBe(401);
  });
});

describe("a body", () => {
  test.each([
    ["is no JSON", "garbage"],
    ["is nothing", ""],
    ["is no list", JSON.stringify(moved(1))],
  ])("that %s is refused although it is signed", async (_, body) => {
    const { status, text } = await ring(body);
    expect([status, JSON.parse(text).code]).toEqual([400, "input_invalid"]);
  });

  test("of bytes that are no text is refused although it is signed", async () => {
    const bytes = randomBytes(100);
    expect((await ring(bytes)).status).toBe(400);
  });

  test("may be 1 MiB, and not more", async () => {
    const body = JSON.stringify([moved(1)]);
    const padded = (size: number) => body + " ".repeat(size - body.length);
    expect((await ring(padded(1_048_576))).status).toBe(204);
    const { status, text } = await ring(padded(1_048_577));
    expect([status, JSON.parse(text).code]).toEqual([413, "too_large"]);
  });

  test("that is compressed is refused, not unpacked", async () => {
    const body = gzipSync(JSON.stringify([moved(1)]));
    expect((await ring(body, { ...signed(body), "content-encoding": "gzip" })).status).toBe(400);
    expect(await rings()).toEqual([]);
  });
});

test("while the database is gone HubSpot is told to send it again", async () => {
  await front.wire.cut();
  const { status, text } = await ring(JSON.stringify([moved(1)]));
  await front.wire.mend();
  expect([status, JSON.parse(text).code]).toEqual([503, "store_unavailable"]);
});

test("what the simulated HubSpot sends is taken as it comes", async () => {
  const dir = await temporaryFolder();
  const sandbox = await startSandbox({ dir, life: { perMinute: 0 } });
  const rung = Promise.withResolvers<void>();
  const theirs = await openFront(({ webhooks }) => ({
    webhooks: { ...webhooks, secrets: async () => [granted.clientSecret], wake: () => rung.resolve() },
  }));
  onTestFinished(async () => {
    await Promise.all([sandbox.close(), theirs.close()]);
    await rm(dir, { recursive: true });
  });
  theirs.clock.now = () => new Date();
  const act = async <Answer>(action: string, input: object = {}): Promise<Answer> =>
    (await sandbox.simulators.find(({ name }) => name === "hubspot")?.actions[action]?.(input)) as Answer;
  const granted = await act<{ accountId: string; clientSecret: string }>("grant");
  const { id: tenantId } = await ensureTenant("Acme", { defaultCountry: "US" }, theirs.workspace);
  const account = { connector: "hubspot", accountId: granted.accountId, name: "Acme", config: {} };
  await connectCrm({ tenantId, ...account }, undefined, theirs.workspace);
  await act("subscribe", { targetUrl: `${theirs.url}/webhooks/hubspot` });
  const { id } = await act<{ id: string }>("create", { object: "deal" });
  await rung.promise;
  const stored = await theirs.store.db.selectFrom("ring").select(["object", "record_id"]).execute();
  expect(stored).toContainEqual({ object: "deal", record_id: id });
});
