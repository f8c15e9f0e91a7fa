import { join } from "node:path";
import { DurableMap } from "../durable-map.ts";
import { type ObjectType, type TypeId, typeOf } from "./objects.ts";
import { type CrmRecord, currentValue, recordId, type Version, withVersion } from "./record.ts";

/** What happened to a record; webhooks and the search index listen. */
export interface Change {
  readonly what:
    | "creation"
    | "propertyChange"
    | "deletion"
    | "restore"
    | "merge"
    | "privacyDeletion"
    | "associationChange"
    /** Something that no webhook tells. */
    | "touched";
  readonly record: CrmRecord;
  readonly source: string;
  readonly occurredAt: number;
  readonly property?: string;
  readonly value?: string;
  readonly mergedId?: string;
  readonly to?: { readonly type: TypeId; readonly id: string; readonly typeId: number };
}

export interface Written {
  /** When the values began to hold, ms; may lie in the past. */
  readonly at: number;
  /** When they were written, ms: the record's last-modified time. */
  readonly stamp: number;
  readonly source: string;
}

/** HubSpot's ids are long and differ per object; a test that mixes objects up shall notice. */
const firstId: Readonly<Record<TypeId, number>> = {
  "0-1": 546_500_000_000,
  "0-3": 38_100_000_000,
  "0-136": 39_700_000_000,
};

/** All records of the one account this simulator holds. */
export class Portal {
  readonly #records: DurableMap<CrmRecord>;
  readonly #counters: DurableMap<number>;
  readonly #listeners: ((changes: readonly Change[]) => void)[] = [];

  constructor(dir: string) {
    this.#records = new DurableMap(join(dir, "records.jsonl"));
    this.#counters = new DurableMap(join(dir, "counters.jsonl"));
  }

  listen(listener: (changes: readonly Change[]) => void): void {
    this.#listeners.push(listener);
  }
  get(type: TypeId, id: string): CrmRecord | undefined {
    return this.#records.get(recordId(type, id));
  }
  /** Follows merges: an old id gives the winner, as HubSpot's own reads do. */
  find(type: TypeId, id: string): CrmRecord | undefined {
    const record = this.get(type, id);
    return record?.mergedInto ? this.find(type, record.mergedInto) : record;
  }
  all(): readonly CrmRecord[] {
    return [...this.#records.values()];
  }
  of(type: ObjectType): CrmRecord[] {
    return this.all().filter((record) => record.type === type.id);
  }
  get empty(): boolean {
    return this.#records.size === 0;
  }

  /** Numbers that were never given before, even by a process that was killed. */
  count(name: string, howMany = 1): number {
    const next = (this.#counters.get(name) ?? 0) + howMany;
    this.#counters.set(name, next);
    return next - howMany;
  }

  /** New records in one stroke: they share `stamp`. */
  create(type: ObjectType, rows: readonly Readonly<Record<string, string>>[], written: Written): readonly CrmRecord[] {
    const next = firstId[type.id] + this.count(type.id, rows.length);
    const records = rows.map((row, index): CrmRecord => {
      const versions = Object.entries(row).filter(([, value]) => value !== "");
      return {
        type: type.id,
        id: String(next + index),
        createdAt: written.at,
        updatedAt: written.stamp,
        values: Object.fromEntries(versions.map(([name, value]) => [name, [version(value, written)]])),
      };
    });
    this.#save(
      records.flatMap((record) => [
        change("creation", record, written),
        ...[type.pipeline, type.stage].flatMap((property) => {
          const value = property && currentValue(record, property);
          return value ? [{ ...change("propertyChange", record, written), property, value }] : [];
        }),
      ]),
    );
    return records;
  }

  /** Sets properties. Same values change nothing; a lifecycle stage that goes back is cleared first (docs: contacts). */
  write(record: CrmRecord, values: Readonly<Record<string, string>>, written: Written, clearFirst = false): CrmRecord {
    const fresh = Object.entries(values).filter(([name, value]) => (currentValue(record, name) ?? "") !== value);
    if (fresh.length === 0) return record;
    const history = { ...record.values };
    for (const [name, value] of fresh) {
      if (clearFirst) history[name] = withVersion(history[name], version("", written));
      history[name] = withVersion(history[name], version(value, written));
    }
    const after = { ...record, values: history, updatedAt: written.stamp };
    this.#save(fresh.map(([property, value]) => ({ ...change("propertyChange", after, written), property, value })));
    return after;
  }

  /** A calculated property was updated: only the last-modified time moves. */
  touch(record: CrmRecord, stamp: number): void {
    const after = { ...record, updatedAt: stamp };
    this.#save([{ what: "touched", record: after, source: "CALCULATED", occurredAt: stamp }]);
  }

  archive(record: CrmRecord, written: Written): void {
    this.#save([change("deletion", { ...record, archivedAt: written.stamp, updatedAt: written.stamp }, written)]);
  }

  restore(record: CrmRecord, written: Written): void {
    const { archivedAt: _, ...rest } = record;
    this.#save([change("restore", { ...rest, updatedAt: written.stamp }, written)]);
  }

  /** Privacy deletion: the person is gone for good; the stages stay for the back door's truth. Both events are told. */
  purge(record: CrmRecord, written: Written): void {
    const { stage, pipeline } = typeOf(record.type);
    const kept = Object.entries(record.values).filter(([name]) => name === stage || name === pipeline);
    const after: CrmRecord = { ...record, values: Object.fromEntries(kept), archivedAt: written.stamp, purged: true };
    this.#save([change("privacyDeletion", after, written), change("deletion", after, written)]);
  }

  /** The winner keeps its values and takes over what it lacks; the other id leads to it from now on. */
  merge(loser: CrmRecord, winner: CrmRecord, written: Written): CrmRecord {
    const lacking = Object.entries(loser.values).filter(([name]) => !currentValue(winner, name));
    const taken = lacking.map(([name, versions]) => [name, [version(versions[0]?.value ?? "", written)]] as const);
    const after: CrmRecord = {
      ...winner,
      values: { ...winner.values, ...Object.fromEntries(taken) },
      mergedIds: [...(winner.mergedIds ?? []), loser.id, ...(loser.mergedIds ?? [])],
      updatedAt: written.stamp,
    };
    const gone: CrmRecord = { ...loser, mergedInto: winner.id, archivedAt: written.stamp, updatedAt: written.stamp };
    this.#save([{ ...change("merge", after, written), mergedId: gone.id }, change("touched", gone, written)]);
    return after;
  }

  /** Tells of a link that was made elsewhere. */
  linked(record: CrmRecord, to: { type: TypeId; id: string; typeId: number }, written: Written): void {
    for (const listener of this.#listeners) listener([{ ...change("associationChange", record, written), to }]);
  }

  close(): void {
    this.#records.close();
    this.#counters.close();
  }

  #save(changes: readonly Change[]): void {
    const records = new Map(changes.map(({ record }) => [recordId(record.type, record.id), record]));
    this.#records.setAll([...records]);
    for (const listener of this.#listeners) listener(changes);
  }
}

const version = (value: string, written: Written): Version => ({
  value,
  at: written.at,
  source: written.source,
  ...(written.source === "CRM_UI" ? { sourceId: "userId:98499705" } : {}),
});

const change = (what: Change["what"], record: CrmRecord, written: Written): Change => ({
  what,
  record,
  source: written.source,
  occurredAt: written.stamp,
});
