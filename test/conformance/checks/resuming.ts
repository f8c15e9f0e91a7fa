import assert from "node:assert/strict";
import type { StageObservation } from "../../../core/types.ts";
import {
  assertCovers,
  assertFails,
  baselined,
  dyingAfterEachPage,
  playground,
  readAll,
  stagesOf,
  stored,
} from "../reading.ts";
import { type Check, entryKey } from "../world.ts";

const keys = (observations: readonly StageObservation[]) => [...new Set(observations.map(entryKey))].sort();

/** Checkpoints: nothing is lost whenever reading stops, and nothing depends on memory. */
export const resuming: readonly Check[] = [
  {
    name: "loses nothing of the baseline when it dies after every page",
    async run(world) {
      const whole = await readAll(world.connector.baseline(world.access, undefined));
      const { observations: parts } = await dyingAfterEachPage(world, (at) =>
        world.connector.baseline(world.access, at),
      );
      assert.deepEqual(keys(parts), keys(whole.observations));
      assertCovers(world, parts, await world.truth());
    },
  },
  {
    name: "loses nothing of the changes when it dies after every page",
    async run(world) {
      const reader = await baselined(world);
      const made = [...((await world.crowd?.()) ?? [])];
      for (const place of world.playgrounds) made.push(await world.create(place, { stage: place.stages[2] }));
      const { observations: parts } = await dyingAfterEachPage(
        world,
        (at) => world.connector.changes(world.access, at),
        reader.checkpoint,
      );
      for (const record of made) assert.ok(stagesOf(parts, record).length > 0, `${record.object} ${record.id} is lost`);
    },
  },
  {
    name: "gives the same observations when the same checkpoint is read twice",
    async run(world) {
      const reader = await baselined(world);
      const place = playground(world);
      const record = await world.create(place, { stage: place.stages[0] });
      await world.move(record, place.stages[2]);
      const [once, twice] = [
        await readAll(world.connector.changes(world.access, reader.checkpoint)),
        await readAll(world.connector.changes(world.access, reader.checkpoint)),
      ];
      assert.ok(stagesOf(once.observations, record).length > 0);
      assert.deepEqual(once.observations, twice.observations);
    },
  },
  {
    name: "sees what changes while it reads",
    async run(world) {
      const place = playground(world);
      const record = await world.create(place, { stage: place.stages[0] });
      const reader = await baselined(world);
      await world.crowd?.();
      let checkpoint: unknown;
      const seen: StageObservation[] = [];
      let moved = false;
      for await (const page of world.connector.changes(world.access, reader.checkpoint)) {
        seen.push(...page.observations);
        ({ checkpoint } = page);
        if (!moved) await world.move(record, place.stages[1]);
        moved = true;
      }
      const later = await readAll(world.connector.changes(world.access, stored(world, checkpoint)));
      assert.ok(stagesOf([...seen, ...later.observations], record).includes(place.stages[1]));
    },
  },
  {
    name: "does not go past what it could not read",
    async run(world) {
      const reader = await baselined(world);
      const made = [...((await world.crowd?.()) ?? [])];
      for (const place of world.playgrounds) made.push(await world.create(place, { stage: place.stages[1] }));
      const seen: StageObservation[] = [];
      let checkpoint = reader.checkpoint;
      // The vendor breaks at the n-th request, for every n, until a reading gets through.
      for (let n = 0, through = false; !through; n += 1) {
        assert.ok(n < 200, "reading never gets through");
        let left = n;
        world.access.intercept(() => (left-- > 0 ? undefined : { status: 503, headers: {}, text: "down" }));
        try {
          for await (const page of world.connector.changes(world.access, checkpoint)) {
            seen.push(...page.observations);
            checkpoint = stored(world, page.checkpoint);
          }
          through = true;
        } catch (error) {
          await assertFails(Promise.reject(error), "crm_unavailable");
        }
      }
      world.access.intercept(undefined);
      for (const record of made) assert.ok(stagesOf(seen, record).length > 0, `${record.object} ${record.id} is lost`);
    },
  },
  {
    name: "says that its token ran out, and goes on with a fresh one",
    async run(world) {
      const whole = await readAll(world.connector.baseline(world.access, undefined));
      const seen: StageObservation[] = [];
      let checkpoint: unknown;
      await world.expire();
      await assertFails(
        (async () => {
          for await (const page of world.connector.baseline(world.access, undefined)) seen.push(...page.observations);
        })(),
        "crm_token_stale",
      );
      world.access.forgetToken();
      let expired = false;
      for (let tries = 0; tries < 3; tries += 1)
        try {
          for await (const page of world.connector.baseline(world.access, checkpoint)) {
            seen.push(...page.observations);
            checkpoint = stored(world, page.checkpoint);
            if (!expired && !page.caughtUp) await world.expire();
            expired = true;
          }
          break;
        } catch (error) {
          await assertFails(Promise.reject(error), "crm_token_stale");
          world.access.forgetToken();
        }
      assert.deepEqual(keys(seen), keys(whole.observations));
    },
  },
];
