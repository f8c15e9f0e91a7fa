import { expect, test } from "vitest";
import { isFailure } from "../../core/errors.ts";
import { listTenants } from "../../server/store/tenants.ts";
import { acme } from "./store-acme.ts";

const here = acme({ connections: 1 });

test("a table that a newer version widened fails a statement planned before once, and is read again at once", async () => {
  const { store, tenant } = here;
  const read = () => listTenants(store.db);
  await read();
  await store.asOwner(async (db) => {
    await db.schema.alterTable("tenant").addColumn("hue", "text").execute();
  });
  expect(isFailure(await read().catch((error: unknown) => error), "store_unavailable")).toBe(true);
  expect((await read()).map(({ id }) => id)).toEqual([tenant.id]);
});
