import { describe, expect, test } from "vitest";
import { recordKey } from "../../core/connector.ts";
import { decide, type Sighting, worthLookingUp } from "../../core/decide.ts";
import { erasedRecord, namesNobody, tombstone } from "../../core/erased.ts";
import { explain } from "../../core/explain.ts";
import { indexMapping, suggest } from "../../core/mapping.ts";
import type { KnownEntry } from "../../core/outbox.ts";
import { consider, recall, type Turn } from "../../core/settle.ts";
import type { Setting } from "../../core/translate.ts";
import type { Connection, ConnectionId, Lead, RecordRef, StageObservation } from "../../core/types.ts";
import { day, later, minute, pipeline, seen, start, tenantId } from "./ingest-world.ts";
import { accepted, lane } from "./sending-lane.ts";

const id = "con_1" as ConnectionId;
const tenant = { eventKey: "k", allowedKeys: [] };
const setting: Setting = {
  tenant,
  connection: { id, sendFrom: later(-day) },
  leadEventSource: "Script",
  mapping: indexMapping(suggest([pipeline])),
};
const lead: Lead = { leadId: "1000000000000001", contact: {} };
const deal = (n: string): RecordRef => ({ object: "deal", id: n });
const nameOf = (record: RecordRef): RecordRef => erasedRecord(tombstone(tenant, id, record));

describe("a tombstone", () => {
  test("knows a record again and tells nobody which: another account's or another tenant's same record has another", () => {
    const one = tombstone(tenant, id, deal("1"));
    expect(one).toBe(tombstone(tenant, id, deal("1")));
    const others = [
      tombstone(tenant, id, deal("2")),
      tombstone(tenant, "con_2" as ConnectionId, deal("1")),
      tombstone({ eventKey: "other" }, id, deal("1")),
    ];
    expect(new Set([one, ...others]).size).toBe(4);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(recordKey(erasedRecord(one))).toBe(`erased:${one.slice(0, 32)}`);
  });
});

describe("a record whose person is erased", () => {
  const erased = [deal("1")];
  const asked: string[] = [];
  const connection: Connection = {
    tenantId,
    id,
    connector: "script",
    accountId: "1",
    name: "x",
    config: {},
    sendFrom: later(-day),
  };
  const turn = (known: ReadonlyMap<string, readonly KnownEntry[]> = new Map()) =>
    ({
      outbox: { known: async () => known },
      clock: { now: () => start },
      source: {
        connection,
        setting,
        access: {},
        connector: {
          read: async (_: unknown, records: readonly RecordRef[]) => {
            asked.push(...records.map(recordKey));
            return [];
          },
          leads: async (_: unknown, records: readonly RecordRef[]) => {
            asked.push(...records.map(recordKey));
            return new Map(records.map((record) => [recordKey(record), lead]));
          },
        },
        erased: async (records: readonly RecordRef[]) =>
          new Map(
            records
              .filter((record) => erased.some((gone) => recordKey(gone) === recordKey(record)))
              .map((record) => [recordKey(record), nameOf(record)] as const),
          ),
      },
    }) as unknown as Turn;
  const settled = async (observations: readonly StageObservation[]) => {
    asked.length = 0;
    const { outcomes } = await consider(turn(), await recall(turn(), observations));
    return outcomes.map((one) => [one.entry.record, one.outcome === "send" ? "event" : one.reason]);
  };

  test("is kept under its tombstone, sends nothing, and nobody looks the person up; the others go on", async () => {
    const found = await settled([seen("1", "a", 3), seen("2", "a", 2)]);
    expect(found).toEqual([
      [nameOf(deal("1")), "person_erased"],
      [deal("2"), "event"],
    ]);
    expect(asked).toEqual(["deal:2"]);
  });

  test("takes along what came of it: the opportunity of an erased lead", async () => {
    const child = { ...seen("3", "a", 3), parent: deal("1") };
    expect(await settled([child, seen("2", "a", 2)])).toEqual([
      [nameOf(deal("3")), "person_erased"],
      [deal("2"), "event"],
    ]);
  });

  test("is not decided again, whatever was decided before, and fills no stages that it jumped over", () => {
    const entry = { ...seen("1", "a", 30), record: nameOf(deal("1")), entry: "t1", filled: false };
    const known: KnownEntry[] = [{ ...entry, place: 1, outcome: "not_live" }];
    const jumped = { ...seen("1", "c", 1), record: nameOf(deal("1")) };
    const sighting: Sighting = { record: nameOf(deal("1")), observations: [jumped], known, erased: true };
    const { outcomes } = decide([sighting], new Map([[recordKey(sighting.record), lead]]), setting, start);
    expect(outcomes).toMatchObject([{ place: 2, outcome: "skip", reason: "person_erased" }]);
    expect(worthLookingUp([sighting], setting, start)).toEqual([]);
  });

  test("is explained without asking the CRM", async () => {
    asked.length = 0;
    const { source, outbox, clock } = turn();
    const told = await explain(deal("1"), source, { outbox, clock });
    expect(told).toMatchObject({ record: deal("1"), found: "nowhere", person: "missing", entries: [] });
    expect(asked).toEqual([]);
  });
});

test("an event whose person was erased while it waited is passed over, and the others leave in their order", async () => {
  const nobody = '{"event_name":"a","user_data":{},"custom_data":{}}';
  expect(namesNobody(nobody)).toBe(true);
  const events = [{ name: "e0" }, { name: "e1", payload: nobody }, { name: "e2" }, { name: "e3", payload: nobody }];
  const world = await lane(events, accepted);
  await world.drain();
  expect(world.took).toEqual(["e0", "e2"]);
  expect(world.dead()).toEqual(["2 erased", "4 erased"]);
  world.passes(minute);
  expect(world.state()?.dueAt).toBeUndefined();
});
