import assert from "node:assert/strict";
import { readAll, stored } from "../reading.ts";
import type { Check } from "../world.ts";

/** Account, rights, pipelines, fields, checkpoints. */
export const account: readonly Check[] = [
  {
    name: "names the account that was granted",
    async run({ connector, access }) {
      const found = await connector.account(access);
      assert.equal(found.id, access.accountId);
      assert.ok(found.name.length > 0);
    },
  },
  {
    name: "passes its own check, probe by probe",
    async run({ connector, access }) {
      const report = await connector.check(access);
      assert.deepEqual(
        report.probes.filter(({ ok }) => !ok),
        [],
      );
      assert.ok(report.ok && report.probes.length > 0);
      assert.equal(new Set(report.probes.map(({ name }) => name)).size, report.probes.length);
    },
  },
  {
    name: "lists pipelines whose ids are unique texts and whose stages are in order",
    async run({ connector, access, playgrounds }) {
      const pipelines = await connector.pipelines(access);
      const ids = pipelines.map(({ object, id }) => `${object}|${id}`);
      assert.equal(new Set(ids).size, ids.length);
      for (const { stages } of pipelines) {
        assert.ok(stages.length > 0);
        assert.equal(new Set(stages.map(({ id }) => id)).size, stages.length);
        for (const { id, label } of stages) assert.ok(typeof id === "string" && id !== "" && label !== "");
      }
      for (const { object, pipelineId, stages } of playgrounds) {
        const pipeline = pipelines.find((candidate) => candidate.object === object && candidate.id === pipelineId);
        const order = pipeline?.stages.map(({ id }) => id).filter((id) => stages.includes(id));
        assert.deepEqual(order, [...stages], `the stages of ${object} ${pipelineId}`);
        assert.ok(pipeline?.stages.every(({ id, outcome }) => !stages.includes(id) || outcome === "open"));
      }
    },
  },
  {
    name: "suggests the field that holds the Meta lead id",
    async run({ connector, access }) {
      const fields = await connector.fields(access);
      const suggested = fields.filter(({ suggests }) => suggests === "leadId").map(({ name }) => name);
      const chosen = (access.config as { fields?: { leadId?: string } }).fields?.leadId;
      assert.ok(chosen !== undefined && suggested.includes(chosen), `suggested ${suggested.join(", ")}`);
      assert.ok(suggested.length < fields.length, "suggesting every field is no suggestion");
    },
  },
  {
    name: "keeps checkpoints flat, small, versioned and free of secrets and addresses",
    async run({ connector, access }) {
      for await (const { checkpoint } of connector.baseline(access, undefined)) {
        const json = JSON.stringify(checkpoint);
        assert.ok(json.length <= 4096);
        assert.ok(typeof checkpoint.v === "number");
        for (const value of Object.values(checkpoint)) assert.ok(value === null || typeof value !== "object", json);
        assert.doesNotMatch(json, /https?:/);
        for (const token of access.tokens) assert.ok(!json.includes(token));
        assert.deepEqual(connector.checkpoint.parse(JSON.parse(json)), checkpoint);
      }
    },
  },
  {
    name: "refuses a checkpoint of another version",
    async run(world) {
      const { checkpoint } = await readAll(world.connector.baseline(world.access, undefined));
      const other = { ...(stored(world, checkpoint) as object), v: 999 };
      assert.equal(world.connector.checkpoint.safeParse(other).success, false);
    },
  },
];
