import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBreakers } from "../../core/breaker.ts";
import { deliver, type OwnDestination } from "../../core/deliver.ts";
import type { Lease, Outbox } from "../../core/outbox.ts";
import type { DatasetId, TenantId } from "../../core/types.ts";
import { loadSecret } from "../../server/store/secrets.ts";
import { metaAccessOf, sending } from "../../server/workers/sending.ts";
import { connectMeta, ensureTenant } from "../../server/workspaces/workspace.ts";
import { silent } from "../postgres.ts";
import { type Front, openFront } from "./front.ts";

const clock = { now: () => new Date("2026-11-23T12:00:00Z") };
const leaseOf = (tenantId: TenantId, id: DatasetId): Lease => ({
  tenantId,
  kind: "send",
  id,
  token: 1,
  until: new Date("2026-11-23T12:01:00Z"),
  attempts: 0,
});

describe("T41: the last gate before Meta", () => {
  const [tenantId, datasetId] = ["ten_a" as TenantId, "dst_a" as DatasetId];
  const own: OwnDestination = { tenantId, datasetId, metaId: "1", token: "t" };

  test.each([
    ["another tenant's", { tenantId: "ten_b" as TenantId }],
    ["another dataset's", { datasetId: "dst_b" as DatasetId }],
  ])("lets no event out with %s access, nor even looks at one", async (_whose, change) => {
    let looked = 0;
    const read = async (): Promise<readonly never[]> => {
      looked += 1;
      return [];
    };
    const outbox = { read, release: async () => {} } as unknown as Outbox;
    const send = async () => ({ verdict: "accepted" as const });
    const breakers = createBreakers(clock);
    const ports = { outbox, send, clock, random: () => 0.5, log: silent, tell: () => {}, breakers };
    await expect(deliver(leaseOf(tenantId, datasetId), { ...own, ...change }, ports)).rejects.toMatchObject({
      code: "not_allowed",
    });
    expect(looked).toBe(0);
    await deliver(leaseOf(tenantId, datasetId), own, ports);
    expect(looked).toBe(1);
  });
});

describe("T41: one tenant's access to Meta", () => {
  let here: Front;
  beforeAll(async () => {
    here = await openFront();
  });
  afterAll(() => here.close());

  test("opens nothing in another's place, nor at another dataset of the same tenant", async () => {
    const connect = async (name: string, metaId: string, token: string) => {
      const { id } = await ensureTenant(name, {}, here.workspace);
      return { tenantId: id, id: await connectMeta(id, { metaId, name }, { token }, here.workspace) };
    };
    const mine = await connect("Acme", "1111111111", "the token of Acme");
    const others = [
      await connect("Other", "2222222222", "the token of Other"),
      await connect("Acme", "3333333333", "another token of Acme"),
    ];
    const sealed = await loadSecret(here.store.db, metaAccessOf(mine));
    if (!sealed) throw new Error("nothing is stored");
    expect(here.workspace.vault.open(metaAccessOf(mine), sealed)).toContain("the token of Acme");
    const sent: string[] = [];
    const work = sending({
      outbox: here.store.outbox,
      store: here.store,
      vault: here.workspace.vault,
      clock,
      log: silent,
      random: () => 0.5,
      tell: () => {},
      breakers: createBreakers(clock),
      send: async ({ token }) => {
        sent.push(token);
        return { verdict: "accepted" };
      },
    });
    for (const other of others) {
      await here.store.db
        .updateTable("secret")
        .set({ key_id: sealed.keyId, ciphertext: sealed.ciphertext })
        .where("tenant_id", "=", other.tenantId)
        .where("owner_id", "=", other.id)
        .execute();
      await expect(work(leaseOf(other.tenantId, other.id))).rejects.toMatchObject({ code: "secret_unreadable" });
    }
    expect(sent).toEqual([]);
  });
});
