import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Outcome } from "../../core/outbox.ts";
import type { Connection, Dataset, StageObservation, Tenant } from "../../core/types.ts";
import {
  addConnection,
  changeConnection,
  connectionsOfAccount,
  findConnection,
  listConnections,
} from "../../server/store/connections.ts";
import { addDataset, findDataset, listDatasets } from "../../server/store/datasets.ts";
import { inboxReader, type Pushed, pushToInbox } from "../../server/store/inbox.ts";
import { inboxOutcomes } from "../../server/store/inbox-outcomes.ts";
import { pauseLane, resumeLane, wakeLane } from "../../server/store/lanes.ts";
import { findMapping, listMappings, saveMapping } from "../../server/store/mappings.ts";
import type { Store } from "../../server/store/open.ts";
import {
  connectionStates,
  datasetStates,
  outcomeCounts,
  recentChanges,
  stageCounts,
} from "../../server/store/overview.ts";
import { forgetSecrets, leaseSecret, loadSecret, saveSecret, secretsOfOtherKeys } from "../../server/store/secrets.ts";
import { changeTenant, createTenant, findTenant, forgetTenant, listTenants } from "../../server/store/tenants.ts";
import { createVault } from "../../server/store/vault.ts";
import { at, claimOne, entry, kept, minute, sent, skipped } from "../conformance/outbox/world.ts";
import { type TestDatabase, testDatabase } from "../postgres.ts";

let database: TestDatabase;
let store: Store;
let tenant: Tenant;
let dataset: Dataset;
let connection: Connection;

beforeAll(async () => {
  database = await testDatabase();
  store = await database.open();
});
afterAll(() => database.drop());
beforeEach(async () => {
  for (const { id } of await listTenants(store.db)) await forgetTenant(store.db, id);
  tenant = await createTenant(store.db, { name: "Acme", defaultCountry: "NL", allowedKeys: ["em", "ph"] }, at(0));
  dataset = await addDataset(store.db, { tenantId: tenant.id, metaId: "1234567890", name: "Acme leads" }, at(0));
  connection = await addConnection(store.db, { ...account, tenantId: tenant.id, datasetId: dataset.id }, at(0));
});

const account = {
  connector: "http",
  accountId: "acme",
  name: "Acme CRM",
  config: { fields: { leadId: "meta_lead_id" } },
};

describe("tenants, datasets and connections", () => {
  test("are found as they were made and changed", async () => {
    expect(await findTenant(store.db, tenant.id)).toEqual(tenant);
    await changeTenant(store.db, tenant.id, { name: "Acme BV", allowedKeys: [] });
    const { defaultCountry: _, ...rest } = tenant;
    expect(await findTenant(store.db, tenant.id)).toEqual({ ...rest, name: "Acme BV", allowedKeys: [] });
    expect(await findDataset(store.db, tenant.id, dataset.id)).toEqual(dataset);
    expect(await findConnection(store.db, tenant.id, connection.id)).toEqual({
      ...account,
      tenantId: tenant.id,
      id: connection.id,
      datasetId: dataset.id,
    });
    await changeConnection(store.db, tenant.id, connection.id, { sendFrom: at(5), config: { v: 2 } });
    expect(await findConnection(store.db, tenant.id, connection.id)).toMatchObject({
      sendFrom: at(5),
      config: { v: 2 },
    });
    await changeConnection(store.db, tenant.id, connection.id, { sendFrom: null });
    expect(await findConnection(store.db, tenant.id, connection.id)).not.toHaveProperty("sendFrom");
  });

  test("connecting an account or a dataset again continues the one that was there", async () => {
    const again = await addConnection(
      store.db,
      { ...account, tenantId: tenant.id, name: "Renamed", config: {} },
      at(9),
    );
    expect(again).toEqual({ ...connection, name: "Renamed" });
    expect(await listConnections(store.db, tenant.id)).toHaveLength(1);
    expect(await addDataset(store.db, { tenantId: tenant.id, metaId: "1234567890", name: "New" }, at(9))).toEqual({
      ...dataset,
      name: "New",
    });
    expect(await listDatasets(store.db, tenant.id)).toHaveLength(1);
  });

  test("a webhook finds every tenant that connected its account", async () => {
    const other = await createTenant(store.db, { name: "Agency", allowedKeys: [] }, at(0));
    await addConnection(store.db, { ...account, tenantId: other.id }, at(0));
    const found = await connectionsOfAccount(store.db, "http", "acme");
    expect(new Set(found.map(({ tenantId }) => tenantId))).toEqual(new Set([tenant.id, other.id]));
    expect(await connectionsOfAccount(store.db, "http", "somebody else")).toEqual([]);
  });

  test("a pause shows on the connection until it is resumed, and waking hurries nothing that is paused", async () => {
    const lane = { tenantId: tenant.id, kind: "read", id: connection.id } as const;
    await pauseLane(store.db, lane, "crm_disconnected");
    await wakeLane(store.db, lane, at(1));
    expect(await findConnection(store.db, tenant.id, connection.id)).toMatchObject({
      pausedReason: "crm_disconnected",
    });
    expect(await store.outbox.claim("read", at(1), 1, minute)).toEqual([]);
    await resumeLane(store.db, lane, at(2));
    expect(await findConnection(store.db, tenant.id, connection.id)).not.toHaveProperty("pausedReason");
    await claimOne(store.outbox, "read", at(2));
  });

  test("forgetting a tenant leaves nothing of it in any table, and the others untouched", async () => {
    const other = await createTenant(store.db, { name: "Other", allowedKeys: [] }, at(0));
    await work([sent(entry("1"))]);
    await saveMapping(store.db, tenant.id, connection.id, { from: 0, mapping, savedBy: "me" }, at(0));
    await store.outbox.ring(tenant.id, connection.id, "all", at(0));
    await forgetTenant(store.db, tenant.id);
    expect((await listTenants(store.db)).map(({ id }) => id)).toEqual([other.id]);
    for (const table of ["record_stage", "outbox", "lane", "ring", "tally", "checkpoint", "stage_mapping"] as const)
      expect(await store.db.selectFrom(table).select("tenant_id").execute(), table).toEqual([]);
  });
});

const mapping = { rules: [], fillSkipped: true, sendValue: false };

describe("stage mappings", () => {
  test("are versions that never change", async () => {
    expect(await findMapping(store.db, tenant.id, connection.id)).toBeUndefined();
    const save = (from: number, sendValue: boolean) =>
      saveMapping(
        store.db,
        tenant.id,
        connection.id,
        { from, mapping: { ...mapping, sendValue }, savedBy: "ann" },
        at(1),
      );
    expect(await save(0, false)).toEqual({ ...mapping, version: 1 });
    await save(1, true);
    expect((await findMapping(store.db, tenant.id, connection.id))?.mapping).toMatchObject({
      version: 2,
      sendValue: true,
    });
    expect(await findMapping(store.db, tenant.id, connection.id, 1)).toEqual({
      mapping: { ...mapping, version: 1 },
      savedAt: at(1),
      savedBy: "ann",
    });
    const versions = await listMappings(store.db, tenant.id, connection.id);
    expect(versions.map(({ mapping: { version } }) => version)).toEqual([2, 1]);
  });

  test("of two people who save at once one is told to look again, also through the web role", async () => {
    const save = () =>
      store.web(tenant.id, (trx) =>
        saveMapping(trx, tenant.id, connection.id, { from: 0, mapping, savedBy: "ann" }, at(1)),
      );
    const results = await Promise.allSettled([save(), save()]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(save()).rejects.toMatchObject({ code: "input_invalid" });
    await expect(
      saveMapping(store.db, tenant.id, connection.id, { from: 7, mapping, savedBy: "ann" }, at(1)),
    ).rejects.toMatchObject({ code: "input_invalid" });
  });
});

describe("secrets", () => {
  const place = () => ({ tenantId: tenant.id, ownerId: connection.id, kind: "refresh_token" });
  const vault = createVault([{ id: "k1", key: randomBytes(32).toString("hex") }]);
  const sealed = (text: string) => vault.seal(place(), text);

  test("are replaced by whoever saw the last generation, and by nobody else", async () => {
    expect(await loadSecret(store.db, place())).toBeUndefined();
    expect(await saveSecret(store.db, place(), sealed("one"), 0, at(0))).toBe(true);
    expect(await saveSecret(store.db, place(), sealed("also one"), 0, at(0))).toBe(false);
    expect(await saveSecret(store.db, place(), sealed("two"), 1, at(0))).toBe(true);
    expect(await saveSecret(store.db, place(), sealed("late"), 1, at(0))).toBe(false);
    const stored = await loadSecret(store.db, place());
    expect(stored?.generation).toBe(2);
    expect(stored && vault.open(place(), stored)).toBe("two");
  });

  test("are refreshed by one of many at a time", async () => {
    await saveSecret(store.db, place(), sealed("one"), 0, at(0));
    const lease = (now: Date) => leaseSecret(store.db, place(), 1, now, minute);
    const won = await Promise.all(Array.from({ length: 10 }, () => lease(at(0))));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await lease(at(1)), "the winner died").toBe(true);
    await saveSecret(store.db, place(), sealed("two"), 1, at(1));
    expect(await lease(at(5)), "seen before the change").toBe(false);
    expect(await leaseSecret(store.db, place(), 2, at(1), minute)).toBe(true);
  });

  test("are listed for sealing anew after a rotation, and forgotten with their owner", async () => {
    await saveSecret(store.db, place(), sealed("one"), 0, at(0));
    expect(await secretsOfOtherKeys(store.db, "k1", 10)).toEqual([]);
    expect(await secretsOfOtherKeys(store.db, "k2", 10)).toMatchObject([{ ...place(), generation: 1, keyId: "k1" }]);
    await forgetSecrets(store.db, tenant.id, connection.id);
    expect(await loadSecret(store.db, place())).toBeUndefined();
  });
});

/** One turn of the reader. */
async function work(outcomes: readonly Outcome[], now = at(0), dropped: Record<string, number> = {}) {
  const lease = await claimOne(store.outbox, "read", now);
  await store.outbox.keep(lease, kept(outcomes, { datasetId: dataset.id, checkpoint: { v: 1 }, dropped }), now);
  await store.outbox.release(lease, { dueAt: now }, now);
}

describe("the inbox", () => {
  const seen = (id: string, stageId = "s1"): StageObservation => {
    const { record, pipelineId, enteredAt, timeQuality } = entry(id, stageId);
    return { record, pipelineId, stageId, enteredAt, timeQuality };
  };
  const push = (id: string, recordId = id): Pushed => ({
    id,
    observation: seen(recordId),
    entry: entry(recordId).entry,
    lead: { contact: { em: ["ab".repeat(32)] }, hashed: ["em"], createdAt: at(-90) },
  });
  const append = (...items: Pushed[]) => pushToInbox(store.pool, tenant.id, connection.id, items, at(0));
  const inbox = () => inboxReader(store.pool, tenant.id, connection.id);
  const outcomes = async (...ids: string[]) =>
    Object.fromEntries(await inboxOutcomes(store.pool, tenant.id, connection.id, ids));

  test("takes each push once and gives it back as it came, in order", async () => {
    expect(await append(push("b"), push("a"), push("b"))).toEqual(["accepted", "accepted", "duplicate"]);
    expect(await append(push("a"), push("c"))).toEqual(["duplicate", "accepted"]);
    const items = await inbox().read(0, 10);
    expect(items.map(({ observation }) => observation.record.id)).toEqual(["b", "a", "c"]);
    const { id: _, entry: __, ...item } = push("b");
    expect(items[0]).toEqual({ seq: items[0]?.seq, ...item });
  });

  test("makes the connection due and lets it rest when all is read", async () => {
    const first = await claimOne(store.outbox, "read", at(0));
    await store.outbox.release(first, { dueAt: at(30) }, at(0));
    await append(push("a"));
    const lease = await claimOne(store.outbox, "read", at(0));
    const { upTo } = await store.outbox.rings(tenant.id, connection.id, 10);
    await append(push("b"));
    await store.outbox.keep(lease, kept([], { ringsUpTo: upTo }), at(0));
    await store.outbox.release(lease, { dueAt: at(30) }, at(0));
    const next = await claimOne(store.outbox, "read", at(0));
    const all = await store.outbox.rings(tenant.id, connection.id, 10);
    await store.outbox.keep(next, kept([], { ringsUpTo: all.upTo }), at(0));
    await store.outbox.release(next, { dueAt: at(30) }, at(0));
    expect(await store.outbox.claim("read", at(29), 1, minute)).toEqual([]);
  });

  test("lets go of the contact data of what lies before the point it is read from, and of nothing else", async () => {
    await append(push("a"), push("b"), push("c"));
    const [first] = await inbox().read(0, 1);
    expect(await inbox().read(0, 10)).toHaveLength(3);
    expect(await inbox().read(first?.seq ?? 0, 10)).toHaveLength(2);
    const bodies = await store.db.selectFrom("inbox").select(["id", "body"]).orderBy("seq").execute();
    expect(bodies.map(({ body }) => body === null)).toEqual([true, false, false]);
  });

  test("says what became of each push", async () => {
    await append(push("1"), push("2"), push("3"), push("4"), push("1 again", "1"), push("5"), push("6"));
    await work([sent(entry("1")), skipped(entry("2")), sent(entry("3")), sent(entry("4"))]);
    const sender = await claimOne(store.outbox, "send", at(0));
    const dead = [{ seq: 2, reason: "refused_invalid" }] as const;
    await store.outbox.advance(sender, { cursor: 2, dead }, at(0));
    const items = await inbox().read(0, 10);
    await inbox().read(items.at(-2)?.seq ?? 0, 10);
    expect(await outcomes("1", "2", "3", "4", "1 again", "5", "6", "7")).toEqual({
      "1": { state: "accepted" },
      "2": { state: "not_sent", reason: "stage_ignored" },
      "3": { state: "refused", reason: "refused_invalid" },
      "4": { state: "waiting" },
      "1 again": { state: "not_sent", reason: "duplicate" },
      "5": { state: "not_sent", reason: "no_change" },
      "6": { state: "pending" },
    });
  });

  test("takes nothing for a connection that is not there", async () => {
    await expect(pushToInbox(store.pool, tenant.id, "con_none" as never, [push("a")], at(0))).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("the overview", () => {
  test("counts what was read by what became of it", async () => {
    await work([sent(entry("1")), skipped(entry("2"))], at(0), { "em:invalid": 2 });
    await work([sent(entry("3"))], at(1), { "em:invalid": 1 });
    const counts = await store.web(tenant.id, (trx) => outcomeCounts(trx, tenant.id, at(0)));
    expect(counts).toEqual([
      { connectionId: connection.id, outcome: "dropped:em:invalid", count: 3 },
      { connectionId: connection.id, outcome: "event", count: 2 },
      { connectionId: connection.id, outcome: "stage_ignored", count: 1 },
    ]);
    expect(await outcomeCounts(store.db, tenant.id, at(24 * 60))).toEqual([]);
  });

  test("tells how each dataset and connection stands", async () => {
    await work([sent(entry("1")), sent(entry("2")), sent(entry("3", "s1", at(-5)))], at(1));
    const sender = await claimOne(store.outbox, "send", at(2));
    const about = { events: 1, tookMs: 40, sentAt: at(2) };
    await store.outbox.advance(
      sender,
      { cursor: 1, dispatch: { ...about, seqFrom: 1, seqTo: 1, verdict: "accepted" } },
      at(2),
    );
    const dead = [{ seq: 2, reason: "refused_invalid", words: "no" }] as const;
    await store.outbox.advance(
      sender,
      { cursor: 2, dispatch: { ...about, seqFrom: 2, seqTo: 2, verdict: "refused", why: "refused_invalid" }, dead },
      at(2),
    );
    await store.outbox.release(sender, { dueAt: at(9), attempts: 2, why: "meta_down" }, at(2));
    expect(await store.web(tenant.id, (trx) => datasetStates(trx, tenant.id, at(0)))).toEqual([
      {
        id: dataset.id,
        metaId: "1234567890",
        name: "Acme leads",
        waiting: 1,
        accepted: 1,
        refused: 1,
        pausedReason: null,
        why: "meta_down",
        attempts: 2,
        dueAt: at(9),
        lastAcceptedAt: at(2),
        nextEventAt: at(-5),
      },
    ]);
    expect(await datasetStates(store.db, tenant.id, at(3))).toMatchObject([{ accepted: 0, refused: 0, waiting: 1 }]);
    expect(await store.web(tenant.id, (trx) => connectionStates(trx, tenant.id))).toMatchObject([
      { id: connection.id, connector: "http", why: null, pausedReason: null, lastReadAt: at(1), lastChangeAt: at(1) },
    ]);
    expect(await store.web(tenant.id, (trx) => stageCounts(trx, tenant.id, at(0)))).toEqual([
      { connectionId: connection.id, pipelineId: "p1", stageId: "s1", accepted: 1 },
    ]);
  });

  test("lists the last changes, newest first, with what became of each", async () => {
    await work([sent(entry("1")), sent(entry("2")), skipped(entry("3"))], at(1));
    await work([sent(entry("1", "s2"))], at(2));
    const sender = await claimOne(store.outbox, "send", at(3));
    const sentAt = at(3);
    const dispatch = { seqFrom: 1, seqTo: 2, events: 2, tookMs: 9, sentAt, verdict: "accepted", traceId: "T" } as const;
    const dead = [{ seq: 2, reason: "expired", words: "too old", traceId: "D" }] as const;
    await store.outbox.advance(sender, { cursor: 2, dispatch, dead }, at(4));
    const changes = await store.web(tenant.id, (trx) => recentChanges(trx, tenant.id, { limit: 10 }));
    const brief = changes.map(({ record, stageId, state, reason, eventName, settledAt, traceId }) => [
      record.id,
      stageId,
      state,
      reason,
      eventName,
      settledAt,
      traceId,
    ]);
    expect(brief).toEqual([
      ["1", "s2", "waiting", null, "s2", null, null],
      ["3", "s1", "not_sent", "stage_ignored", null, null, null],
      ["2", "s1", "refused", "expired", "s1", at(4), "D"],
      ["1", "s1", "accepted", null, "s1", at(3), "T"],
    ]);
    const record = { connectionId: connection.id, object: "deal", id: "1" };
    expect(await recentChanges(store.db, tenant.id, { limit: 10, record, before: at(2) })).toMatchObject([
      { record: { object: "deal", id: "1" }, stageId: "s1", connectionId: connection.id, words: null },
    ]);
    expect(await recentChanges(store.db, tenant.id, { limit: 2 })).toHaveLength(2);
  });
});
