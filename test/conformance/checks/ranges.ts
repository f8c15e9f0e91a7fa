import assert from "node:assert/strict";
import { assertCovers, dyingAfterEachPage, exact, playground, readAll, stagesOf } from "../reading.ts";
import { type AnyWorld, type Check, entryKey } from "../world.ts";

const minute = 60_000;
/** An hour ago, on a whole minute: some vendors count in seconds, and some clocks are slow. */
const anHourAgo = (): number => Math.floor(Date.now() / minute) * minute - 60 * minute;
const within = async (world: AnyWorld, { from, to }: { from: Date; to: Date }) =>
  (await world.truth()).filter(({ enteredAt }) => enteredAt >= from && enteredAt < to);

/** What a range of the history tells: the reader compares it with the ledger, and repairs what is missing. */
export const ranges: readonly Check[] = [
  {
    name: "reads of a range what was entered in it, the first instant with and the last without",
    async run(world) {
      const place = playground(world);
      const [a, b, c] = place.stages;
      const minute = 60_000;
      const start = Math.floor(Date.now() / minute) * minute - 60 * minute;
      const record = await world.create(place, { stage: a, at: new Date(start) });
      await world.move(record, b, new Date(start + 10 * minute));
      await world.move(record, c, new Date(start + 20 * minute));
      const range = { from: new Date(start), to: new Date(start + 20 * minute) };
      const { observations } = await readAll(world.connector.history(world.access, range, undefined));
      for (const { enteredAt } of observations)
        assert.ok(enteredAt >= range.from && enteredAt < range.to, enteredAt.toISOString());
      assert.deepEqual(stagesOf(observations, record), exact(world) ? [a, b] : []);
      if (exact(world))
        assertCovers(
          world,
          observations,
          (await world.truth()).filter(({ enteredAt }) => enteredAt >= range.from && enteredAt < range.to),
        );
    },
  },
  {
    name: "reads of a range also what was changed again after it",
    async run(world) {
      if (!exact(world)) return;
      const range = { from: new Date(anHourAgo()), to: new Date(anHourAgo() + 20 * minute) };
      for (const place of world.playgrounds) {
        const [a, b, c] = place.stages;
        const [moved, touched] = [
          await world.create(place, { stage: a, at: range.from }),
          await world.create(place, { stage: a, at: range.from }),
        ];
        await world.move(moved, b, new Date(range.from.getTime() + 10 * minute));
        await world.move(moved, c);
        await world.touch(touched);
        const { observations } = await readAll(world.connector.history(world.access, range, undefined));
        assert.deepEqual([stagesOf(observations, moved), stagesOf(observations, touched)], [[a, b], [a]], place.object);
      }
      const { observations } = await readAll(world.connector.history(world.access, range, undefined));
      assertCovers(world, observations, await within(world, range));
    },
  },
  {
    name: "leaves out of a range what is gone, and reads what lies beside it",
    async run(world) {
      const range = { from: new Date(anHourAgo()), to: new Date(anHourAgo() + 20 * minute) };
      for (const place of world.playgrounds) {
        const [lost, kept] = [
          await world.create(place, { stage: place.stages[0], at: range.from }),
          await world.create(place, { stage: place.stages[0], at: range.from }),
        ];
        await world.remove(lost);
        const { observations } = await readAll(world.connector.history(world.access, range, undefined));
        assert.deepEqual(
          observations.filter(({ gone }) => gone),
          [],
        );
        assert.deepEqual(stagesOf(observations, lost), []);
        if (exact(world)) assert.deepEqual(stagesOf(observations, kept), [place.stages[0]], place.object);
      }
    },
  },
  {
    name: "loses nothing of a range when it dies after every page",
    async run(world) {
      const range = { from: new Date(Date.now() - 40 * 86_400_000), to: new Date() };
      const whole = await readAll(world.connector.history(world.access, range, undefined));
      const parts = await dyingAfterEachPage(world, (at) => world.connector.history(world.access, range, at));
      const keys = (read: typeof whole) => [...new Set(read.observations.map(entryKey))].sort();
      assert.deepEqual(keys(parts), keys(whole));
      if (exact(world)) assertCovers(world, parts.observations, await within(world, range));
    },
  },
  {
    name: "reads a crowded range to its end, in pages that one can hold, dying after every one of them",
    needs: "crowd",
    async run(world) {
      const crowd = (await world.crowd?.()) ?? [];
      const range = { from: new Date(anHourAgo()), to: new Date(Date.now() + minute) };
      const { observations, pages } = await dyingAfterEachPage(world, (at) =>
        world.connector.history(world.access, range, at),
      );
      assert.ok(pages > 1, "everything came in one page");
      for await (const page of world.connector.history(world.access, range, undefined))
        assert.ok(new Set(page.observations.map(({ record }) => record.id)).size <= 2_000, "a page has no bound");
      const seen = new Set(observations.map(({ record }) => record.id));
      assert.deepEqual(
        crowd.filter(({ id }) => !seen.has(id)),
        [],
      );
      assertCovers(world, observations, await within(world, range));
    },
  },
];
