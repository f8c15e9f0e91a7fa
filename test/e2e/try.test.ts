import { expect, test } from "vitest";
import { startProduct } from "./product.ts";
import { until } from "./until.ts";
test("try", async () => {
  const p = await startProduct();
  try {
    await until("baseline", async () => (await p.overview()).connections.every((c) => c.state === "live" ));
    console.log(JSON.stringify((await p.overview()).connections), p.log());
    await p.act("hubspot", "lag", { ms: 0 });
    const made = await p.act<{ id: string }>("hubspot", "create", { object: "deal" });
    console.log(made);
    const t = Date.now();
    await until("event", async () => (await p.metaEvents()).length > 0);
    console.log(Date.now() - t, await p.metaEvents(), (await p.overview()).status, await p.sql("select * from lane"));
    expect(await p.shutDown()).toBe(0);
  } finally { await p.stop(); }
});
