import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  addConnection,
  changeConnection,
  connectionsOfAccount,
  findConnection,
  listConnections,
} from "../../server/store/connections.ts";
import { addDataset, findDataset, listDatasets } from "../../server/store/datasets.ts";
import { pauseLane, resumeLane, wakeLane } from "../../server/store/lanes.ts";
import { findMapping, listMappings, saveMapping } from "../../server/store/mappings.ts";
import { sealedWithOthers } from "../../server/store/sealed-rows.ts";
import { forgetSecrets, leaseSecret, loadSecret, releaseSecret, saveSecret } from "../../server/store/secrets.ts";
import { changeTenant, createTenant, findTenant, forgetTenant, listTenants } from "../../server/store/tenants.ts";
import { createVault } from "../../server/store/vault.ts";
import { at, claimOne, entry, minute, sent } from "../conformance/outbox/world.ts";
import { account, acme, work } from "./store-acme.ts";

const here = acme();

describe("tenants, datasets and connections", () => {
  test("are found as they were made and changed", async () => {
    expect(await findTenant(here.store.db, here.tenant.id)).toEqual(here.tenant);
    await changeTenant(here.store.db, here.tenant.id, { name: "Acme BV", allowedKeys: [] });
    const { defaultCountry: _, ...rest } = here.tenant;
    expect(await findTenant(here.store.db, here.tenant.id)).toEqual({ ...rest, name: "Acme BV", allowedKeys: [] });
    expect(await findDataset(here.store.db, here.tenant.id, here.dataset.id)).toEqual(here.dataset);
    expect(await findConnection(here.store.db, here.tenant.id, here.connection.id)).toEqual({
      ...account,
      tenantId: here.tenant.id,
      id: here.connection.id,
      datasetId: here.dataset.id,
    });
    await changeConnection(here.store.db, here.tenant.id, here.connection.id, { sendFrom: at(5), config: { v: 2 } });
    expect(await findConnection(here.store.db, here.tenant.id, here.connection.id)).toMatchObject({
      sendFrom: at(5),
      config: { v: 2 },
    });
    await changeConnection(here.store.db, here.tenant.id, here.connection.id, { sendFrom: null });
    expect(await findConnection(here.store.db, here.tenant.id, here.connection.id)).not.toHaveProperty("sendFrom");
  });

  test("connecting an account or a dataset again continues the one that was there", async () => {
    const again = await addConnection(
      here.store.db,
      { ...account, tenantId: here.tenant.id, name: "Renamed", config: {} },
      at(9),
    );
    expect(again).toEqual({ ...here.connection, name: "Renamed" });
    expect(await listConnections(here.store.db, here.tenant.id)).toHaveLength(1);
    expect(
      await addDataset(here.store.db, { tenantId: here.tenant.id, metaId: "1234567890", name: "New" }, at(9)),
    ).toEqual({
      ...here.dataset,
      name: "New",
    });
    expect(await listDatasets(here.store.db, here.tenant.id)).toHaveLength(1);
  });

  test("a webhook finds every tenant that connected its account", async () => {
    const other = await createTenant(here.store.db, { name: "Agency", allowedKeys: [] }, at(0));
    await addConnection(here.store.db, { ...account, tenantId: other.id }, at(0));
    const found = await connectionsOfAccount(here.store.db, "http", "acme");
    expect(new Set(found.map(({ tenantId }) => tenantId))).toEqual(new Set([here.tenant.id, other.id]));
    expect(await connectionsOfAccount(here.store.db, "http", "somebody else")).toEqual([]);
  });

  test("a pause shows on the connection until it is resumed, and waking hurries nothing that is paused", async () => {
    const lane = { tenantId: here.tenant.id, kind: "read", id: here.connection.id } as const;
    await pauseLane(here.store.db, lane, "crm_disconnected");
    await wakeLane(here.store.db, lane, at(1));
    expect(await findConnection(here.store.db, here.tenant.id, here.connection.id)).toMatchObject({
      pausedReason: "crm_disconnected",
    });
    expect(await here.store.outbox.claim("read", at(1), 1, minute)).toEqual([]);
    await resumeLane(here.store.db, lane, at(2));
    expect(await findConnection(here.store.db, here.tenant.id, here.connection.id)).not.toHaveProperty("pausedReason");
    await claimOne(here.store.outbox, "read", at(2));
  });

  test("forgetting a tenant leaves nothing of it in any table, and the others untouched", async () => {
    const other = await createTenant(here.store.db, { name: "Other", allowedKeys: [] }, at(0));
    await work(here, [sent(entry("1"))]);
    await saveMapping(here.store.db, here.tenant.id, here.connection.id, { from: 0, mapping, savedBy: "me" }, at(0));
    await here.store.outbox.ring(here.tenant.id, here.connection.id, "all", at(0));
    await forgetTenant(here.store.db, here.tenant.id);
    expect((await listTenants(here.store.db)).map(({ id }) => id)).toEqual([other.id]);
    for (const table of ["record_stage", "outbox", "lane", "ring", "tally", "checkpoint", "stage_mapping"] as const)
      expect(await here.store.db.selectFrom(table).select("tenant_id").execute(), table).toEqual([]);
  });
});

const mapping = { rules: [], fillSkipped: true, sendValue: false };

describe("stage mappings", () => {
  test("are versions that never change", async () => {
    expect(await findMapping(here.store.db, here.tenant.id, here.connection.id)).toBeUndefined();
    const save = (from: number, sendValue: boolean) =>
      saveMapping(
        here.store.db,
        here.tenant.id,
        here.connection.id,
        { from, mapping: { ...mapping, sendValue }, savedBy: "ann" },
        at(1),
      );
    expect(await save(0, false)).toEqual({ ...mapping, version: 1 });
    await save(1, true);
    expect((await findMapping(here.store.db, here.tenant.id, here.connection.id))?.mapping).toMatchObject({
      version: 2,
      sendValue: true,
    });
    expect(await findMapping(here.store.db, here.tenant.id, here.connection.id, 1)).toEqual({
      mapping: { ...mapping, version: 1 },
      savedAt: at(1),
      savedBy: "ann",
    });
    const versions = await listMappings(here.store.db, here.tenant.id, here.connection.id, { limit: 10 });
    expect(versions.map(({ mapping: { version } }) => version)).toEqual([2, 1]);
  });

  test("of two people who save at once one is told to look again, also through the web role", async () => {
    const save = () =>
      here.store.web(here.tenant.id, (trx) =>
        saveMapping(trx, here.tenant.id, here.connection.id, { from: 0, mapping, savedBy: "ann" }, at(1)),
      );
    const results = await Promise.allSettled([save(), save()]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(save()).rejects.toMatchObject({ code: "conflict" });
    await expect(
      saveMapping(here.store.db, here.tenant.id, here.connection.id, { from: 7, mapping, savedBy: "ann" }, at(1)),
    ).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("secrets", () => {
  const place = () => ({ tenantId: here.tenant.id, ownerId: here.connection.id, kind: "refresh_token" });
  const vault = createVault([{ id: "k1", key: randomBytes(32).toString("hex") }]);
  const sealed = (text: string) => vault.seal(place(), text);

  test("are replaced by whoever saw the last generation, and by nobody else", async () => {
    expect(await loadSecret(here.store.db, place())).toBeUndefined();
    expect(await saveSecret(here.store.db, place(), sealed("one"), 0, at(0))).toBe(true);
    expect(await saveSecret(here.store.db, place(), sealed("also one"), 0, at(0))).toBe(false);
    expect(await saveSecret(here.store.db, place(), sealed("two"), 1, at(0))).toBe(true);
    expect(await saveSecret(here.store.db, place(), sealed("late"), 1, at(0))).toBe(false);
    const stored = await loadSecret(here.store.db, place());
    expect(stored?.generation).toBe(2);
    expect(stored && vault.open(place(), stored)).toBe("two");
  });

  test("are refreshed by one of many at a time", async () => {
    await saveSecret(here.store.db, place(), sealed("one"), 0, at(0));
    const lease = (now: Date) => leaseSecret(here.store.db, place(), 1, now, new Date(now.getTime() + minute));
    const won = await Promise.all(Array.from({ length: 10 }, () => lease(at(0))));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await lease(at(1)), "the winner died").toBe(true);
    await saveSecret(here.store.db, place(), sealed("two"), 1, at(1));
    expect(await lease(at(5)), "seen before the change").toBe(false);
    expect(await leaseSecret(here.store.db, place(), 2, at(1), at(2))).toBe(true);
  });

  test("whose refresh failed are free for the next, unless the lease is another's by now", async () => {
    await saveSecret(here.store.db, place(), sealed("one"), 0, at(0));
    const lease = (now: Date, until: Date) => leaseSecret(here.store.db, place(), 1, now, until);
    const release = (until: Date) => releaseSecret(here.store.db, place(), 1, until);
    expect(await lease(at(0), at(1))).toBe(true);
    expect(await release(at(1))).toBe(true);
    expect(await lease(at(0), at(1))).toBe(true);
    expect(await lease(at(1), at(2)), "the first was too slow").toBe(true);
    expect(await release(at(1)), "and frees what is no longer its own").toBe(false);
    expect(await lease(at(1), at(3))).toBe(false);
    expect((await loadSecret(here.store.db, place()))?.generation, "nothing was changed").toBe(1);
  });

  test("are listed for sealing anew after a rotation, and forgotten with their owner", async () => {
    await saveSecret(here.store.db, place(), sealed("one"), 0, at(0));
    const mine = async (keyId: string) =>
      (await sealedWithOthers(here.store.db, keyId, 10)).filter((row) => row.place.tenantId === here.tenant.id);
    expect(await mine("k1")).toEqual([]);
    expect(await mine("k2")).toMatchObject([{ place: place(), sealed: { keyId: "k1" } }]);
    await forgetSecrets(here.store.db, here.tenant.id, here.connection.id);
    expect(await loadSecret(here.store.db, place())).toBeUndefined();
  });
});
