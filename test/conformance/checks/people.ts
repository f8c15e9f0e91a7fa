import assert from "node:assert/strict";
import { recordKey } from "../../../core/connector.ts";
import type { RecordRef } from "../../../core/types.ts";
import { playground } from "../reading.ts";
import type { Check } from "../world.ts";

/** The people behind the records. */
export const people: readonly Check[] = [
  {
    name: "finds the person behind each kind of record, with the lead id digit by digit",
    async run(world) {
      const wanted = new Map<string, string>();
      const records: RecordRef[] = [];
      // Beyond 2^53 and not representable as a double.
      for (const [n, place] of world.playgrounds.entries()) {
        const metaLeadId = `9007199254740993${n}`;
        const person = { metaLeadId, email: `Person.${n}@Example.com`, phone: "+1 617 555 0100", firstName: "Zoë" };
        const record = await world.create(place, { stage: place.stages[0], person });
        wanted.set(recordKey(record), metaLeadId);
        records.push(record);
      }
      const leads = await world.connector.leads(world.access, records);
      for (const [key, metaLeadId] of wanted) {
        const lead = leads.get(key);
        assert.equal(lead?.leadId, metaLeadId, key);
        assert.match(lead?.contact.em?.[0] ?? "", /^person\.\d@example\.com$/i);
        assert.equal(lead?.contact.fn?.[0], "Zoë");
        assert.ok((lead?.contact.ph?.length ?? 0) > 0 && (lead?.contact.external_id?.length ?? 0) > 0);
        assert.ok(lead?.createdAt instanceof Date && lead.createdAt <= new Date());
      }
    },
  },
  {
    name: "asks for people in bulk, never one by one",
    async run(world) {
      const place = playground(world);
      const records: RecordRef[] = [];
      for (let n = 0; n < 60; n += 1) records.push(await world.create(place, { stage: place.stages[0] }));
      await world.access.token();
      const before = world.access.requests.length;
      const leads = await world.connector.leads(world.access, records);
      const made = world.access.requests.length - before;
      assert.equal(leads.size, records.length);
      assert.ok(
        made > 0 && made <= world.limits.leadRequests(records.length),
        `${made} requests for ${records.length}`,
      );
    },
  },
  {
    name: "leaves out records without a person and asks nothing for nobody",
    async run(world) {
      const place = playground(world);
      const [lost, kept] = [
        await world.create(place, { stage: place.stages[0] }),
        await world.create(place, { stage: place.stages[0] }),
      ];
      await world.remove(lost);
      assert.deepEqual([...(await world.connector.leads(world.access, [lost, kept])).keys()], [recordKey(kept)]);
      const before = world.access.requests.length;
      assert.equal((await world.connector.leads(world.access, [])).size, 0);
      assert.deepEqual(await world.connector.read(world.access, []), []);
      assert.equal(world.access.requests.length, before);
    },
  },
  {
    name: "keeps two accounts apart when both are read at once",
    needs: "second",
    async run(world) {
      const other = await world.second?.();
      if (!other) throw new Error("no second account");
      const place = playground(world);
      await world.create(place, { stage: place.stages[1] });
      const senders = new Map<string, Set<string>>();
      const note = (name: string) => (request: { headers: Readonly<Record<string, string>> }) => {
        senders.set(name, (senders.get(name) ?? new Set()).add(request.headers.authorization ?? ""));
        return undefined;
      };
      world.access.intercept(note("first"));
      other.access.intercept(note("second"));
      const read = async (access: typeof world.access) => {
        const found = new Set<string>();
        for await (const { observations } of world.connector.baseline(access, undefined))
          for (const { record, enteredAt } of observations) found.add(`${recordKey(record)}@${enteredAt.getTime()}`);
        return found;
      };
      const [mine, theirs] = await Promise.all([read(world.access), read(other.access)]);
      const key = (entry: { record: RecordRef; enteredAt: Date }) =>
        `${recordKey(entry.record)}@${entry.enteredAt.getTime()}`;
      const truth = [new Set((await world.truth()).map(key)), new Set((await other.truth()).map(key))];
      if (world.connector.manifest.can.history === "full") {
        assert.deepEqual(
          [...mine].filter((entry) => !truth[0]?.has(entry)),
          [],
        );
        assert.deepEqual(
          [...theirs].filter((entry) => !truth[1]?.has(entry)),
          [],
        );
      }
      assert.ok(mine.size > 0);
      const [first, second] = [senders.get("first"), senders.get("second")];
      assert.ok(first?.size === 1 && second?.size === 1 && [...first][0] !== [...second][0], "a token went astray");
    },
  },
];
