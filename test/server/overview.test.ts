import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Overview, overview } from "../../server/api/schema.ts";
import { connectionStates, datasetStates, outcomeCounts } from "../../server/store/overview.ts";
import { forgetTenant, listTenants } from "../../server/store/tenants.ts";
import { type Customer, type Front, openFront } from "./front.ts";

let front: Front;
let acme: Customer;
let other: Customer;

beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());
beforeEach(async () => {
  for (const { id } of await listTenants(front.store.db)) await forgetTenant(front.store.db, id);
  front.clock.at = new Date("2026-11-23T09:00:00Z");
  acme = await front.customer("Acme");
  front.clock.at = new Date("2026-11-23T09:00:01Z"); // the workspace that is shown is the one made first
  other = await front.customer("Other");
});

const lead = (record_id: string, stage: string, more: object = {}) => ({
  record_id,
  pipeline: "sales",
  stage,
  occurred_at: "2026-11-23T08:00:00Z",
  lead_id: `51000004703892${record_id.padStart(2, "0")}`,
  ...more,
});
async function push({ bearer }: Customer, changes: readonly object[]): Promise<void> {
  const init = { method: "POST", headers: { authorization: bearer }, body: JSON.stringify(changes) };
  const answer = await fetch(`${front.url}/ingest/v1/stage-changes`, init);
  expect(answer.status).toBe(202);
  await front.read();
}
/** Meta takes the first `accepted` of the customer's events and refuses the next `refused`. */
async function deliver({ datasetId }: Customer, accepted: number, refused: number): Promise<void> {
  const { outbox } = front.store;
  const now = front.clock.at;
  const lease = (await outbox.claim("send", now, 10, 60_000)).find(({ id }) => id === datasetId);
  if (!lease) throw new Error("nothing to send");
  const about = { sentAt: now, tookMs: 40, traceId: "AbC" };
  const first = { ...about, seqFrom: 1, seqTo: accepted, events: accepted, verdict: "accepted" } as const;
  await outbox.advance(lease, { cursor: accepted, dispatch: first }, now);
  const dead = Array.from({ length: refused }, (_, n) => ({
    seq: accepted + n + 1,
    reason: "refused_invalid" as const,
  }));
  await outbox.advance(lease, { cursor: accepted + refused, dead }, now);
  await outbox.release(lease, {}, now);
}
async function seen(): Promise<Overview> {
  const answer = await front.fetch("/api/v1/overview");
  expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
  return overview.parse(await answer.json());
}

describe("the overview", () => {
  test("of a workspace that has done nothing yet is complete, and says what it waits for", async () => {
    const empty = await seen();
    expect(empty).toMatchObject({
      asOf: "2026-11-23T09:00:01.000Z",
      workspace: { name: "Acme", demo: false },
      connections: [{ id: acme.connection.id, connector: "http", crmName: "In-house CRM", name: "Acme CRM", read: 0 }],
      datasets: [{ id: acme.datasetId, metaId: "1234567890", name: "Acme leads", waiting: 0 }],
      problems: 0,
      pausedByAdmin: false,
    });
    expect(empty.status.sentence).not.toBe("");
  });

  test("counts what was read of each account and what waits for each dataset", async () => {
    await push(acme, [
      ...["1", "2", "3", "4", "5"].map((id) => lead(id, "Engaging")),
      lead("6", "Dancing"),
      lead("7", "Dancing"),
      lead("8", "Engaging", { occurred_at: "2026-11-19T08:00:00Z" }),
      lead("9", "Engaging", { lead_id: undefined }),
      lead("10", "Engaging", { consent: false }),
    ]);
    const sent = (await seen()).datasets[0]?.waiting ?? 0;
    await deliver(acme, 3, 1);
    const { connections, datasets } = await seen();
    expect(connections[0]?.read).toBe(sent + 5);
    expect(datasets[0]).toMatchObject({ waiting: sent - 4, lastAcceptedAt: "2026-11-23T09:00:01.000Z" });
  });

  test("shows this workspace's data and no other's", async () => {
    await push(other, [lead("1", "Engaging"), lead("2", "Dancing")]);
    await push(acme, [lead("77", "Engaging")]);
    const page = await seen();
    expect([page.connections.length, page.datasets.length]).toEqual([1, 1]);
    expect(page.connections[0]?.read).toBe(page.datasets[0]?.waiting);
    const text = JSON.stringify(page);
    for (const theirs of [other.connection.id, other.datasetId, "Other", other.tenant.id])
      expect(text).not.toContain(theirs);
  });

  test("is read by a role that sees one workspace, even if a question forgets to name it", async () => {
    await push(other, [lead("1", "Engaging")]);
    const { store } = front;
    const since = new Date("2026-11-01T00:00:00Z");
    const asked = (as: Customer, about: Customer) =>
      store.web(as.tenant.id, async (trx) => [
        await outcomeCounts(trx, about.tenant.id, since),
        await datasetStates(trx, about.tenant.id, since, since),
        await connectionStates(trx, about.tenant.id),
      ]);
    expect((await asked(other, other)).every((rows) => rows.length > 0)).toBe(true);
    expect((await asked(acme, other)).every((rows) => rows.length === 0)).toBe(true);
    const everything = await store.web(acme.tenant.id, (trx) =>
      trx.selectFrom("connection").select(["id", "tenant_id"]).execute(),
    );
    expect(everything).toEqual([{ id: acme.connection.id, tenant_id: acme.tenant.id }]);
    await expect(store.web(acme.tenant.id, (trx) => trx.selectFrom("secret").selectAll().execute())).rejects.toThrow(
      /permission denied/,
    );
  });

  test("counts from whole days, so that a day that has left the window leaves with all that was read on it", async () => {
    await push(acme, [lead("1", "Engaging")]);
    const read = async () => (await seen()).connections.map((connection) => connection.read);
    const [sent] = await read();
    expect(sent).toBeGreaterThan(0);
    front.clock.at = new Date("2026-12-20T23:59:59Z");
    expect(await read()).toEqual([sent]);
    front.clock.at = new Date("2026-12-21T00:00:00Z");
    expect(await read()).toEqual([0]);
  });

  test("tells what a dataset and a connection wait for, and who must act", async () => {
    await push(acme, [lead("1", "Engaging")]);
    const now = front.clock.at;
    const [lease] = await front.store.outbox.claim("send", now, 1, 60_000);
    if (!lease) throw new Error("nothing to send");
    await front.store.outbox.release(lease, { paused: "meta_token", why: "meta_token" }, now);
    const page = await seen();
    expect(page.datasets[0]?.pausedReason).toBe("Meta no longer accepts our access");
    expect(page.status).toMatchObject({ tone: "problem", acts: "you", deadlineAt: expect.any(String) });
    const readers = await front.store.outbox.claim("read", new Date(now.getTime() + 120_000), 10, 60_000);
    const reader = readers.find(({ id }) => id === acme.connection.id);
    if (!reader) throw new Error("nothing to read");
    await front.store.outbox.release(reader, { paused: "crm_disconnected", why: "crm_disconnected" }, now);
    expect((await seen()).connections[0]?.state).toBe("disconnected");
  });
});

test("whose workspace is gone has nothing to be shown, and is told so", async () => {
  for (const { id } of await listTenants(front.store.db)) await forgetTenant(front.store.db, id);
  const answer = await front.people.as("stranger")("/api/v1/overview");
  expect(answer.status).toBe(403);
  expect(await answer.json()).toMatchObject({ code: "not_allowed" });
});
