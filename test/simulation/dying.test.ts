import { expect, test } from "vitest";
import { histories } from "./histories.ts";

test("a worker dies at every place at which it waits", { timeout: 60_000 }, async () => {
  const places = new Set<string>();
  for (const { struck } of await histories(500, 10_000))
    for (const fault of struck) {
      const place = /^crash_(?:before|after)@(?:(?:con|dst)_\d+ )?(.*)#/.exec(fault)?.[1];
      if (place) places.add(place);
    }
  const reading = ["claim read", "load", "checkpoint", "known", "rings", "keep"];
  const crm = ["crm page", "crm read", "crm leads", "crm history"];
  const sending = ["claim send", "read", "meta", "waits for meta", "advance", "release"];
  const housekeeping = ["claim upkeep", "chore load", "chore release"];
  expect([...reading, ...crm, ...sending, ...housekeeping].filter((place) => !places.has(place))).toEqual([]);
});
