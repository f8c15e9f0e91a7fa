import { describe, expect, test } from "vitest";
import { type Overview, overview } from "../../server/api/schema.ts";
import { connectionStates, datasetStates, outcomeCounts } from "../../server/store/overview.ts";
import { forgetTenant, listTenants } from "../../server/store/tenants.ts";
import type { Customer } from "./front.ts";
import { lead, twoCustomers } from "./two-customers.ts";

const here = twoCustomers();

async function seen(): Promise<Overview> {
  const answer = await here.front.fetch("/api/v1/overview");
  expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
  return overview.parse(await answer.json());
}

describe("the overview", () => {
  test("of a workspace that has done nothing yet is complete, and says what it waits for", async () => {
    const empty = await seen();
    expect(empty).toMatchObject({
      asOf: "2026-11-23T09:00:01.000Z",
      workspace: { name: "Acme", demo: false },
      connections: [
        { id: here.acme.connection.id, connector: "http", crmName: "In-house CRM", name: "Acme CRM", read: 0 },
      ],
      datasets: [{ id: here.acme.datasetId, metaId: "1234567890", name: "Acme leads", waiting: 0 }],
      problems: 0,
      pausedByAdmin: false,
    });
    expect(empty.status.sentence).not.toBe("");
  });

  test("counts what was read of each account and what waits for each dataset", async () => {
    await here.push(here.acme, [
      ...["1", "2", "3", "4", "5"].map((id) => lead(id, "Engaging")),
      lead("6", "Dancing"),
      lead("7", "Dancing"),
      lead("8", "Engaging", { occurred_at: "2026-11-19T08:00:00Z" }),
      lead("9", "Engaging", { lead_id: undefined }),
      lead("10", "Engaging", { consent: false }),
    ]);
    const sent = (await seen()).datasets[0]?.waiting ?? 0;
    await here.deliver(here.acme, 3, 1);
    const { connections, datasets } = await seen();
    expect(connections[0]?.read).toBe(sent + 5);
    expect(datasets[0]).toMatchObject({ waiting: sent - 4, lastAcceptedAt: "2026-11-23T09:00:01.000Z" });
  });

  test("shows this workspace's data and no other's", async () => {
    await here.push(here.other, [lead("1", "Engaging"), lead("2", "Dancing")]);
    await here.push(here.acme, [lead("77", "Engaging")]);
    const page = await seen();
    expect([page.connections.length, page.datasets.length]).toEqual([1, 1]);
    expect(page.connections[0]?.read).toBe(page.datasets[0]?.waiting);
    const text = JSON.stringify(page);
    for (const theirs of [here.other.connection.id, here.other.datasetId, "Other", here.other.tenant.id])
      expect(text).not.toContain(theirs);
  });

  test("is read by a role that sees one workspace, even if a question forgets to name it", async () => {
    await here.push(here.other, [lead("1", "Engaging")]);
    const { store } = here.front;
    const since = new Date("2026-11-01T00:00:00Z");
    const asked = (as: Customer, about: Customer) =>
      store.web(as.tenant.id, async (trx) => [
        await outcomeCounts(trx, about.tenant.id, since),
        await datasetStates(trx, about.tenant.id, since, since),
        await connectionStates(trx, about.tenant.id),
      ]);
    expect((await asked(here.other, here.other)).every((rows) => rows.length > 0)).toBe(true);
    expect((await asked(here.acme, here.other)).every((rows) => rows.length === 0)).toBe(true);
    const everything = await store.web(here.acme.tenant.id, (trx) =>
      trx.selectFrom("connection").select(["id", "tenant_id"]).execute(),
    );
    expect(everything).toEqual([{ id: here.acme.connection.id, tenant_id: here.acme.tenant.id }]);
    await expect(
      store.web(here.acme.tenant.id, (trx) => trx.selectFrom("secret").selectAll().execute()),
    ).rejects.toThrow(/permission denied/);
  });

  test("counts from whole days, so that a day that has left the window leaves with all that was read on it", async () => {
    await here.push(here.acme, [lead("1", "Engaging")]);
    const read = async () => (await seen()).connections.map((connection) => connection.read);
    const [sent] = await read();
    expect(sent).toBeGreaterThan(0);
    here.front.clock.at = new Date("2026-12-20T23:59:59Z");
    expect(await read()).toEqual([sent]);
    here.front.clock.at = new Date("2026-12-21T00:00:00Z");
    expect(await read()).toEqual([0]);
  });

  test("tells what a dataset and a connection wait for, and who must act", async () => {
    await here.push(here.acme, [lead("1", "Engaging")]);
    const now = here.front.clock.at;
    const [lease] = await here.front.store.outbox.claim("send", now, 1, 60_000);
    if (!lease) throw new Error("nothing to send");
    await here.front.store.outbox.release(lease, { paused: "meta_token", why: "meta_token" }, now);
    const page = await seen();
    expect(page.datasets[0]?.pausedReason).toBe("Meta no longer accepts our access");
    expect(page.status).toMatchObject({ tone: "problem", acts: "you", deadlineAt: expect.any(String) });
    const readers = await here.front.store.outbox.claim("read", new Date(now.getTime() + 120_000), 10, 60_000);
    const reader = readers.find(({ id }) => id === here.acme.connection.id);
    if (!reader) throw new Error("nothing to read");
    await here.front.store.outbox.release(reader, { paused: "crm_disconnected", why: "crm_disconnected" }, now);
    expect((await seen()).connections[0]?.state).toBe("disconnected");
  });
});

test("whose workspace is gone has nothing to be shown, and is told so", async () => {
  for (const { id } of await listTenants(here.front.store.db)) await forgetTenant(here.front.store.db, id);
  const answer = await here.front.people.as("stranger")("/api/v1/overview");
  expect(answer.status).toBe(403);
  expect(await answer.json()).toMatchObject({ code: "not_allowed" });
});
