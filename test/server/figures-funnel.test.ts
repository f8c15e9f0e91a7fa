import { describe, expect, test } from "vitest";
import { saveMapping } from "../../server/store/mappings.ts";
import { figuresOf, way } from "./figures-shown.ts";
import { lead, twoCustomers } from "./two-customers.ts";

const here = twoCustomers();
const figures = figuresOf(here);

describe("the figures", () => {
  test("show the business funnel in its order, with how many of a stage's leads have come to the next", async () => {
    await here.push(here.acme, [
      ...["1", "2", "3", "4"].map((id) => lead(id, "Prospecting")),
      ...["1", "2"].map((id) => lead(id, "Engaging", { occurred_at: "2026-11-23T08:10:00Z" })),
      lead("1", "Won", { occurred_at: "2026-11-23T08:20:00Z" }),
    ]);
    await here.deliver(here.acme, 7);
    here.later(1);
    const { funnels, sample, coverage } = await figures();
    expect(funnels).toEqual([
      {
        connectionId: here.acme.connection.id,
        pipelineId: "sales",
        stages: [
          {
            stageId: "Prospecting",
            eventName: "Prospecting",
            accepted: 4,
            before: 0,
            next: { count: 2, of: 4 },
            leadIds: { count: 4, of: 4 },
          },
          {
            stageId: "Engaging",
            eventName: "Engaging",
            accepted: 2,
            before: 0,
            next: { count: 1, of: 2 },
            leadIds: { count: 2, of: 2 },
          },
          { stageId: "Won", eventName: "Won", accepted: 1, before: 0, leadIds: { count: 1, of: 1 } },
        ],
      },
    ]);
    expect(sample).toEqual({ count: 7, of: 7 });
    expect(coverage[0]).toEqual({ eventName: "Prospecting", of: 4, keys: { lead_id: 4 } });
    const [connection] = await figures(`?connection=${here.acme.connection.id}&pipeline=sales`).then(
      (seen) => seen.connections,
    );
    expect(connection?.pipelines).toEqual([{ id: "sales", label: "Sales" }]);
    expect(way(await figures("?pipeline=elsewhere")).read).toBe(0);
  });

  test("count under the mapping as it is now: a stage that is switched off leaves the funnel", async () => {
    await here.push(here.acme, [
      lead("1", "Prospecting"),
      lead("1", "Engaging", { occurred_at: "2026-11-23T08:10:00Z" }),
    ]);
    await here.deliver(here.acme, 2);
    const rules = ["Prospecting", "Engaging", "Won"].map((stageId, position) => ({
      pipelineId: "sales",
      stageId,
      position,
      outcome: "open" as const,
      eventName: stageId.toUpperCase(),
      send: stageId !== "Engaging",
      entries: "first" as const,
    }));
    const mapping = { rules, fillSkipped: true, sendValue: false };
    await saveMapping(
      here.front.store.db,
      here.acme.tenant.id,
      here.acme.connection.id,
      { from: 1, mapping, savedBy: "usr_a" },
      here.front.clock.at,
    );
    here.later(1);
    const [funnel] = (await figures()).funnels;
    expect(funnel?.stages.map(({ eventName, accepted }) => [eventName, accepted])).toEqual([
      ["PROSPECTING", 1],
      ["WON", 0],
    ]);
  });
});
