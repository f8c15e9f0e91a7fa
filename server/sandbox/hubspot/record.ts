import type { TypeId } from "./objects.ts";

/** One value that a property had since `at` (ms). */
export interface Version {
  readonly value: string;
  readonly at: number;
  /** HubSpot's `sourceType`: `CRM_UI`, `WORKFLOWS`, `IMPORT` … */
  readonly source: string;
  readonly sourceId?: string;
}

/** A record as HubSpot keeps it. Never changed in place: each write makes a new one. */
export interface CrmRecord {
  readonly type: TypeId;
  readonly id: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Newest first. */
  readonly values: Readonly<Record<string, readonly Version[]>>;
  readonly archivedAt?: number;
  readonly mergedInto?: string;
  readonly mergedIds?: readonly string[];
  /** Deleted for privacy: only the back door still knows its stages. */
  readonly purged?: true;
}

export const recordId = (type: TypeId, id: string): string => `${type}:${id}`;

/** The current value; empty text when it was cleared, undefined when it never was set. */
export const currentValue = (record: CrmRecord, property: string): string | undefined =>
  record.values[property]?.[0]?.value;

/** The value that held at `at`; the oldest known where history begins later. */
export function valueAt(record: CrmRecord, property: string, at: number): string | undefined {
  const versions = record.values[property] ?? [];
  return (versions.find((version) => version.at <= at) ?? versions.at(-1))?.value;
}

/** Puts a version in its place by time; a backdated one goes below newer ones and does not become current. */
export function withVersion(versions: readonly Version[] | undefined, version: Version): readonly Version[] {
  const all = versions ?? [];
  const place = all.findIndex(({ at }) => at <= version.at);
  return all.toSpliced(place === -1 ? all.length : place, 0, version);
}
