import { DurableMap } from "../../durable-map.ts";
import { countOf, makeId } from "./ids.ts";
import { ownObject } from "./schema.ts";

/** Instants are milliseconds, dates `YYYY-MM-DD`; the schema says which. */
export type Value = string | number | boolean | null;
export type Fields = Readonly<Record<string, Value>>;

/** One entry of one record into one stage, as it happened: the truth that tests compare the product with. */
export interface Entry {
  readonly object: "Lead" | "Opportunity";
  readonly id: string;
  /** An org has one path for leads (Lead.Status) and one for opportunities (Opportunity.StageName), named like the object. */
  readonly pipeline: "Lead" | "Opportunity";
  readonly stage: string;
  /** Milliseconds. */
  readonly enteredAt: number;
  /** Of the lead, also where the opportunity came from it; empty when there is none. */
  readonly metaLeadId: string;
}

/**
 * When a change happens: `at` is what its own dates say, `stamp` its SystemModstamp, and from `visibleAt` on others see it
 * (later than `stamp` when the transaction was slow to commit).
 */
export interface Moment {
  readonly at: number;
  readonly stamp: number;
  readonly visibleAt: number;
}

interface Version {
  readonly visibleAt: number;
  readonly fields: Fields;
}
/** A record with what readers see now and what they will see. Without versions: a record that is gone for good. */
interface Row {
  readonly object: string;
  readonly versions: readonly Version[];
}

/** All records of the org in one file, so that a transaction is written whole or not at all. */
export class Org {
  readonly pod: string;
  readonly #file: DurableMap<Row>;
  readonly #byObject = new Map<string, Map<string, Row>>();
  readonly #lastCount = new Map<string, number>();
  #unwritten: Map<string, Row> | undefined;

  constructor(path: string, pod: string) {
    this.pod = pod;
    this.#file = new DurableMap(path);
    for (const id of this.#file.keys()) {
      const row = this.#file.get(id);
      if (row) this.#index(id, row);
    }
  }

  get isEmpty(): boolean {
    return this.#file.size === 0;
  }

  /** Runs changes that belong together; one within another joins it. */
  transaction<Result>(work: () => Result): Result {
    if (this.#unwritten) return work();
    const rows = new Map<string, Row>();
    this.#unwritten = rows;
    try {
      const result = work();
      this.#file.setAll([...rows]);
      return result;
    } catch (error) {
      for (const [id, row] of rows) this.#index(id, this.#file.get(id) ?? { ...row, versions: [] });
      throw error;
    } finally {
      this.#unwritten = undefined;
    }
  }

  insert(object: string, values: Fields, moment: Moment, by: string | null = null): string {
    const id = this.#nextId(ownObject(object).prefix);
    const system: Fields = {
      Id: id,
      CreatedDate: moment.at,
      CreatedById: by,
      LastModifiedDate: moment.at,
      LastModifiedById: by,
      SystemModstamp: moment.stamp,
    };
    const fields: Record<string, Value> = {};
    for (const field of ownObject(object).fields) {
      const blank = field.type === "boolean" ? false : null;
      fields[field.name] = values[field.name] ?? system[field.name] ?? blank;
    }
    this.#write(id, { object, versions: [{ visibleAt: moment.visibleAt, fields }] });
    return id;
  }

  /** `system`: a job of Salesforce's own; only SystemModstamp moves. */
  update(id: string, values: Fields, moment: Moment, how: "user" | "system" = "user"): void {
    const row = this.#row(id);
    const before = this.current(id);
    if (!row || !before) throw new Error(`no record ${id}`);
    const has = (name: string) => name in before;
    const fields = {
      ...before,
      ...(has("LastModifiedDate") && how === "user" && { LastModifiedDate: moment.at }),
      ...(has("SystemModstamp") && { SystemModstamp: moment.stamp }),
      ...values,
    };
    const visibleAt = Math.max(moment.visibleAt, row.versions.at(-1)?.visibleAt ?? 0);
    const seen = row.versions.findLastIndex((version) => version.visibleAt <= moment.stamp);
    const versions = row.versions.slice(Math.max(seen, 0)).filter((version) => version.visibleAt < visibleAt);
    this.#write(id, { object: row.object, versions: [...versions, { visibleAt, fields }] });
  }

  enter(entry: Entry): void {
    this.#write(this.#nextId("0SE"), { object: "Entry", versions: [{ visibleAt: 0, fields: { ...entry } }] });
  }
  *entries(): IterableIterator<Entry> {
    for (const fields of this.all("Entry")) yield fields as unknown as Entry;
  }

  /** Gone for good; its id is never given again. */
  erase(id: string): void {
    const row = this.#row(id);
    if (row) this.#write(id, { object: row.object, versions: [] });
  }

  /** As the writer sees it: the latest version. */
  current(id: string): Fields | undefined {
    return this.#row(id)?.versions.at(-1)?.fields;
  }
  objectOf(id: string): string | undefined {
    return this.#row(id)?.object;
  }
  *all(object: string): IterableIterator<Fields> {
    for (const row of this.#byObject.get(object)?.values() ?? []) {
      const version = row.versions.at(-1);
      if (version) yield version.fields;
    }
  }

  /** How many records with this prefix there ever were. */
  everMade(prefix: string): number {
    return this.#lastCount.get(prefix) ?? 0;
  }

  /** As everybody else sees it at `now`. */
  *visible(object: string, now: number): IterableIterator<Fields> {
    for (const row of this.#byObject.get(object)?.values() ?? []) {
      const fields = seenAt(row, now);
      if (fields) yield fields;
    }
  }
  find(id: string, now: number): Fields | undefined {
    const row = this.#row(id);
    return row && seenAt(row, now);
  }

  /** The stamp of the oldest change that is not visible yet. */
  oldestOpen(object: string, now: number): number | undefined {
    let oldest: number | undefined;
    for (const row of this.#byObject.get(object)?.values() ?? [])
      for (const version of row.versions) {
        const stamp = Number(version.fields.SystemModstamp);
        if (version.visibleAt > now && (oldest === undefined || stamp < oldest)) oldest = stamp;
      }
    return oldest;
  }

  close(): void {
    this.#file.close();
  }

  #row(id: string): Row | undefined {
    return this.#unwritten?.get(id) ?? this.#file.get(id);
  }
  #write(id: string, row: Row): void {
    if (this.#unwritten) this.#unwritten.set(id, row);
    else this.#file.set(id, row);
    this.#index(id, row);
  }
  #index(id: string, row: Row): void {
    const rows = this.#byObject.get(row.object) ?? new Map<string, Row>();
    this.#byObject.set(row.object, rows.set(id, row));
    const prefix = id.slice(0, 3);
    this.#lastCount.set(prefix, Math.max(this.#lastCount.get(prefix) ?? 0, countOf(id)));
  }
  #nextId(prefix: string): string {
    return makeId(prefix, this.pod, this.everMade(prefix) + 1);
  }
}

function seenAt(row: Row, now: number): Fields | undefined {
  return row.versions.findLast((version) => version.visibleAt <= now)?.fields;
}
