import { expect, test } from "vitest";
import { isFailure } from "../../core/errors.ts";
import type { Outcome } from "../../core/outbox.ts";
import { createTokens } from "../../server/access/tokens.ts";
import { findConnection } from "../../server/store/connections.ts";
import { freeLanes, pauseLane, renewLease } from "../../server/store/lanes.ts";
import { outcomeCounts } from "../../server/store/overview.ts";
import { createVault } from "../../server/store/vault.ts";
import { goLive } from "../../server/workspaces/go-live.ts";
import { connectCrm, ensureIngestSecret, ensureTenant } from "../../server/workspaces/workspace.ts";
import { at, claimOne, entry, kept, minute, records, sent, skipped } from "../conformance/outbox/world.ts";
import { acme, work } from "./store-acme.ts";

const here = acme();
const parts = () => {
  const { store } = here;
  const clock = { now: () => at(1) };
  const vault = createVault([{ id: "k", key: "0".repeat(64) }]);
  return { store, vault, clock, tokens: createTokens({ db: store.db, vault, clock }) };
};
const heldBack = (id: string, enteredAt: Date): Outcome => skipped(entry(id, "s1", enteredAt), 1, "not_live");
const places = async () =>
  (await here.store.outbox.known(here.tenant.id, here.connection.id, records("new", "old"))).values().toArray().flat();

test("going live reads anew; what is then decided again becomes an event, keeps its place, and is counted once", async () => {
  const { store, tenant, connection, dataset } = here;
  await work(here, [heldBack("new", at(-30)), heldBack("old", at(-3000))]);
  await goLive(connection, at(-60), parts());
  expect(await store.outbox.checkpoint(tenant.id, connection.id)).toBeUndefined();
  expect((await findConnection(store.db, tenant.id, connection.id))?.sendFrom).toEqual(at(-60));
  expect((await places()).map(({ place, outcome }) => [place, outcome])).toEqual([
    [1, "not_live"],
    [1, "not_live"],
  ]);
  const lease = await claimOne(store.outbox, "read", at(1));
  const again = { ...sent(entry("new", "s1", at(-30))), instead: "not_live" } as const;
  await store.outbox.keep(lease, kept([again], { datasetId: dataset.id }), at(1));
  expect((await places()).map(({ record, outcome }) => [record.id, outcome])).toEqual([
    ["old", "not_live"],
    ["new", "event"],
  ]);
  expect(await outcomeCounts(store.db, tenant.id, at(-3000))).toEqual([
    { connectionId: connection.id, outcome: "event", count: 1 },
    { connectionId: connection.id, outcome: "not_live", count: 1 },
  ]);
});

test("a going live that fails half-way has not happened: the account is read on where it was", async () => {
  const { store, tenant, connection } = here;
  await work(here, [heldBack("new", at(-30))]);
  const lease = await claimOne(store.outbox, "read", at(0));
  await expect(goLive(connection, new Date(-8.64e15), parts())).rejects.toThrow();
  expect(await store.outbox.checkpoint(tenant.id, connection.id)).toEqual({ v: 1 });
  expect((await findConnection(store.db, tenant.id, connection.id))?.sendFrom).toBeUndefined();
  await store.outbox.keep(lease, kept([]), at(0));
});

test("a reader that is at work while somebody goes live can keep nothing more, so the account really is read anew", async () => {
  const { store, tenant, connection } = here;
  const lease = await claimOne(store.outbox, "read", at(0));
  await goLive(connection, at(-60), parts());
  const late = await store.outbox
    .keep(lease, kept([heldBack("late", at(-5))], { checkpoint: { v: 1 } }), at(1))
    .catch((e: unknown) => e);
  expect(isFailure(late, "lease_lost")).toBe(true);
  expect(await store.outbox.checkpoint(tenant.id, connection.id)).toBeUndefined();
});

test("a lease that is renewed is not claimed by another; one that was lost is not renewed", async () => {
  const { store } = here;
  const lease = await claimOne(store.outbox, "read", at(0));
  await renewLease(store.db, lease, at(10));
  expect(await store.outbox.claim("read", at(5), 1, minute)).toEqual([]);
  const next = await claimOne(store.outbox, "read", at(11));
  await renewLease(store.db, lease, at(100));
  expect(await store.outbox.claim("read", at(13), 1, minute)).toMatchObject([{ token: next.token + 1 }]);
});

test("lanes of a killed process are free at once, and its late writes are void", async () => {
  const { store } = here;
  const dead = await claimOne(store.outbox, "read", at(0));
  await freeLanes(store.db, at(0));
  expect(await store.outbox.claim("read", at(0), 1, minute)).toHaveLength(1);
  const late = await store.outbox.keep(dead, kept([]), at(0)).catch((e: unknown) => e);
  expect(isFailure(late, "lease_lost")).toBe(true);
});

test("processes that start at once on an empty database share one workspace and one ingest secret", async () => {
  const made = await Promise.all(
    Array.from({ length: 5 }, () => ensureTenant("Workspace", { defaultCountry: "DE" }, parts())),
  );
  expect(new Set(made.map(({ id, eventKey }) => `${id} ${eventKey}`)).size).toBe(1);
  const secrets = await Promise.all(Array.from({ length: 5 }, () => ensureIngestSecret(here.connection, parts())));
  expect(new Set(secrets).size).toBe(1);
});

test("another default country takes effect at the next start", async () => {
  await ensureTenant("Workspace", { defaultCountry: "DE" }, parts());
  expect((await ensureTenant("Workspace", { defaultCountry: "FR" }, parts())).defaultCountry).toBe("FR");
  expect((await ensureTenant("Workspace", { defaultCountry: "FR" }, parts())).defaultCountry).toBe("FR");
});

test("connecting again, as every start does, mends what was disconnected and leaves paused what an admin paused", async () => {
  const { store, tenant, connection } = here;
  const key = { tenantId: tenant.id, kind: "read", id: connection.id } as const;
  const { connector, accountId, name, config } = connection;
  const again = () => connectCrm({ tenantId: tenant.id, connector, accountId, name, config }, undefined, parts());
  await pauseLane(store.db, key, "by_admin");
  await again();
  expect((await findConnection(store.db, tenant.id, connection.id))?.pausedReason).toBe("by_admin");
  await pauseLane(store.db, key, "crm_disconnected");
  await again();
  expect((await findConnection(store.db, tenant.id, connection.id))?.pausedReason).toBeUndefined();
});
