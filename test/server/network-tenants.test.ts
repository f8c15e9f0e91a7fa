import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import type { Fetch } from "../../core/ports.ts";
import type { TenantId } from "../../core/types.ts";
import { createTokens } from "../../server/access/tokens.ts";
import { ByTenant } from "../../server/network/by-tenant.ts";
import type { Store } from "../../server/store/open.ts";
import { createTenant } from "../../server/store/tenants.ts";
import { createVault, type SecretPlace } from "../../server/store/vault.ts";
import { type TestDatabase, testDatabase } from "../postgres.ts";

const [acme, globex] = ["ten_acme" as TenantId, "ten_globex" as TenantId];

describe("T39: what a process remembers of one tenant", () => {
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await testDatabase();
    store = await database.open();
  });
  afterAll(() => database.drop());

  test("is never found for another, however alike the rest of the key is", () => {
    const kept = new ByTenant<string>();
    kept.set("acme's", acme, "con_1", "grant");
    expect(kept.get(globex, "con_1", "grant")).toBeUndefined();
    expect(kept.get(acme, "con_1 grant")).toBeUndefined();
    expect(kept.get(acme, 'con_1","grant')).toBeUndefined();
    kept.delete(globex, "con_1", "grant");
    expect(kept.get(acme, "con_1", "grant")).toBe("acme's");
    kept.sweep((value) => value === "acme's");
    expect(kept.size).toBe(0);
  });

  test("cannot be asked for without naming the tenant: any other text is refused by its type", () => {
    expectTypeOf<Parameters<ByTenant<string>["get"]>[0]>().toEqualTypeOf<TenantId>();
    expectTypeOf<string>().not.toExtend<TenantId>();
  });

  test("leaves another tenant's renewals alone, even of a connection and a token of the same name", async () => {
    const vault = createVault([{ id: "k1", key: randomBytes(32).toString("hex") }]);
    const tokens = createTokens({ db: store.db, vault, clock: { now: () => new Date() } });
    const asked: string[] = [];
    const fetch: Fetch = async ({ body }) => {
      const refreshToken = new URLSearchParams(body).get("refresh_token") ?? "";
      asked.push(refreshToken);
      return { status: 200, headers: {}, text: JSON.stringify({ access_token: `token of ${refreshToken}` }) };
    };
    const endpoint = { url: "https://vendor.example/token", fetch, mayBeApi: () => true };
    const placeOf = async (name: string): Promise<SecretPlace> => {
      const { id } = await createTenant(store.db, { name, allowedKeys: [] }, new Date());
      const place = { tenantId: id, ownerId: "con_same", kind: "grant" };
      await tokens.store(place, {
        type: "refresh_token",
        clientId: "c",
        clientSecret: "s",
        refreshToken: name,
        accessToken: "the same",
      });
      return place;
    };
    const [mine, theirs] = [await placeOf("mine"), await placeOf("theirs")];
    tokens.spoil(mine, "the same");
    expect(await tokens.accessToken(theirs, endpoint)).toBe("the same");
    tokens.spoil(theirs, "the same");
    const both = await Promise.all([tokens.accessToken(mine, endpoint), tokens.accessToken(theirs, endpoint)]);
    expect(both).toEqual(["token of mine", "token of theirs"]);
    expect(asked.sort()).toEqual(["mine", "theirs"]);
  });
});
