import assert from "node:assert/strict";
import type { StageObservation } from "../../../core/types.ts";
import { assertCovers, baselined, exact, ledger, playground, readAll, stagesOf } from "../reading.ts";
import { type Check, entryKey } from "../world.ts";

/** What is read when something changes. */
export const changes: readonly Check[] = [
  {
    name: "reads every record in its baseline, and a poll after it brings nothing new",
    async run(world) {
      const [a] = playground(world).stages;
      for (const place of world.playgrounds) await world.create(place, { stage: place.stages[0] ?? a });
      const { observations } = await readAll(world.connector.baseline(world.access, undefined));
      assertCovers(world, observations, await world.truth());
      const reader = await baselined(world);
      assert.deepEqual(await reader.poll(), []);
    },
  },
  {
    name: "counts its progress up to the whole",
    async run({ connector, access }) {
      let last = { done: 0, total: 0 };
      for await (const { progress } of connector.baseline(access, undefined)) {
        if (!progress) continue;
        assert.ok(progress.done >= last.done && progress.done <= progress.total);
        last = progress;
      }
      assert.equal(last.done, last.total);
    },
  },
  {
    name: "sees the first stage of a record made after the baseline",
    async run(world) {
      const reader = await baselined(world);
      for (const place of world.playgrounds) {
        const record = await world.create(place, { stage: place.stages[1] });
        assert.deepEqual(stagesOf(await reader.poll(), record), [place.stages[1]], place.object);
      }
    },
  },
  {
    name: "sees a move in each of two polls, once, in order and at the CRM's own time",
    async run(world) {
      const reader = await baselined(world);
      for (const place of world.playgrounds) {
        const [a, b, c] = place.stages;
        const record = await world.create(place, { stage: a });
        await reader.poll();
        await world.move(record, b);
        const second = await reader.poll();
        await world.move(record, c);
        const third = await reader.poll();
        assert.deepEqual([stagesOf(second, record), stagesOf(third, record)], [[b], [c]], place.object);
        const truth = new Set((await world.truth()).map(entryKey));
        for (const observation of exact(world) ? [...second, ...third] : [])
          assert.ok(truth.has(entryKey(observation)), `no such entry happened: ${entryKey(observation)}`);
      }
    },
  },
  {
    name: "sees two moves between two polls where the CRM keeps history, else the last",
    async run(world) {
      const reader = await baselined(world);
      for (const place of world.playgrounds) {
        const [a, b, c] = place.stages;
        const record = await world.create(place, { stage: a });
        await reader.poll();
        await world.move(record, b);
        await world.move(record, c);
        assert.deepEqual(stagesOf(await reader.poll(), record), exact(world) ? [b, c] : [c], place.object);
      }
    },
  },
  {
    name: "tells a re-entry from the first entry",
    async run(world) {
      if (!exact(world)) return;
      const place = playground(world);
      const [a, b] = place.stages;
      const reader = await baselined(world);
      const record = await world.create(place, { stage: a });
      await world.move(record, b);
      await world.move(record, a);
      await world.move(record, b);
      assert.deepEqual(stagesOf(await reader.poll(), record), [a, b, a, b]);
    },
  },
  {
    name: "brings nothing new when something else of a record changes",
    async run(world) {
      const place = playground(world);
      const record = await world.create(place, { stage: place.stages[0] });
      const reader = await baselined(world);
      await world.touch(record);
      assert.deepEqual(stagesOf(await reader.poll(), record), []);
    },
  },
  {
    name: "passes on a stage that is in no list",
    async run(world) {
      const place = playground(world);
      const reader = await baselined(world);
      const record = await world.create(place, { stage: place.stages[0] });
      await world.move(record, "stage_nobody_listed");
      assert.equal(stagesOf(await reader.poll(), record).at(-1), "stage_nobody_listed");
    },
  },
  {
    name: "answers a doorbell with the same observations as a poll",
    async run(world) {
      for (const place of world.playgrounds) {
        const record = await world.create(place, { stage: place.stages[0] });
        await world.move(record, place.stages[1]);
        const mine = (all: readonly StageObservation[]) =>
          all.filter(({ record: { object, id } }) => object === record.object && id === record.id).map(entryKey);
        const rung = mine(await world.connector.read(world.access, [record]));
        const polled = mine((await readAll(world.connector.baseline(world.access, undefined))).observations);
        assert.ok(rung.length > 0, "the doorbell was not answered");
        assert.deepEqual(rung, polled, place.object);
      }
    },
  },
  {
    name: "says that a deleted record is gone, and reads the others beside it",
    async run(world) {
      const place = playground(world);
      const [lost, kept] = [
        await world.create(place, { stage: place.stages[0] }),
        await world.create(place, { stage: place.stages[1] }),
      ];
      await world.remove(lost);
      const observations = await world.connector.read(world.access, [lost, kept]);
      const of = (id: string) => observations.filter(({ record }) => record.id === id);
      assert.deepEqual(
        of(lost.id)
          .map(({ gone }) => gone)
          .slice(0, 1),
        ["deleted"],
      );
      assert.deepEqual(
        of(kept.id).map(({ stageId, gone }) => [stageId, gone]),
        [[place.stages[1], undefined]],
      );
    },
  },
  {
    name: "gives an opportunity the lead it came from",
    needs: "convert",
    async run(world) {
      const place = world.playgrounds.find(({ object }) => object === "lead");
      if (!place || !world.convert) throw new Error("a world that converts needs leads to play with");
      const lead = await world.create(place, { stage: place.stages[0], person: { metaLeadId: "123456789012345" } });
      const opportunity = await world.convert(lead);
      const observations = await world.connector.read(world.access, [opportunity]);
      assert.ok(observations.length > 0);
      for (const { parent } of observations) assert.deepEqual(parent, lead);
      const people = await world.connector.leads(world.access, [opportunity]);
      assert.equal(people.get(`${opportunity.object}:${opportunity.id}`)?.leadId, "123456789012345");
    },
  },
  {
    name: "sees the records that share one change time across the edge of a page",
    needs: "crowd",
    async run(world) {
      const reader = await baselined(world);
      const crowd = (await world.crowd?.()) ?? [];
      const news = ledger();
      const seen = new Set<string>();
      for (const { record } of news.take(await reader.poll())) seen.add(record.id);
      assert.ok(crowd.length > 0);
      assert.deepEqual(
        crowd.filter(({ id }) => !seen.has(id)),
        [],
      );
    },
  },
];
