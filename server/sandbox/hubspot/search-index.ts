import type { ObjectType } from "./objects.ts";
import type { Change } from "./portal.ts";
import { type CrmRecord, recordId } from "./record.ts";

/**
 * What search sees: records as they were `lagMs` ago. A record that just changed is still found as it was, while a read by
 * id shows it new (docs: search-the-crm, "a few moments").
 */
export class SearchIndex {
  readonly #seen: Map<string, CrmRecord>;
  #coming: { record: CrmRecord; changedAt: number }[] = [];

  constructor(records: readonly CrmRecord[]) {
    this.#seen = new Map(records.map((record) => [recordId(record.type, record.id), record]));
  }

  note(changes: readonly Change[], now: number): void {
    const records = new Set(changes.map(({ record }) => record));
    for (const record of records) this.#coming.push({ record, changedAt: now });
  }

  /** Archived records are never found. */
  of(type: ObjectType, now: number, lagMs: number): CrmRecord[] {
    const visible = this.#coming.findIndex(({ changedAt }) => changedAt + lagMs > now);
    const ripe = visible === -1 ? this.#coming : this.#coming.slice(0, visible);
    for (const { record } of ripe) this.#seen.set(recordId(record.type, record.id), record);
    this.#coming = this.#coming.slice(ripe.length);
    return [...this.#seen.values()].filter((record) => record.type === type.id && record.archivedAt === undefined);
  }
}
