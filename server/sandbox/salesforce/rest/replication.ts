import { RestError } from "../errors.ts";
import type { Instance } from "../instance.ts";
import type { Fields } from "../org/org.ts";
import { rowsOf } from "../org/tables.ts";
import { DAY, formatDatetime, MINUTE } from "../times.ts";

/** REST guide, "sObject Get Updated" and "sObject Get Deleted": 30 and 15 days back, seconds are ignored. */
const FURTHEST = { updated: 30 * DAY, deleted: 15 * DAY };
const MOST_IDS = 600_000;

export function getUpdated(instance: Instance, object: string, query: URLSearchParams): object {
  const window = readWindow(instance, query, "updated");
  const ids = changedIn(instance, object, window, false).map((fields) => fields.Id);
  if (ids.length > MOST_IDS) throw new RestError(400, "EXCEEDED_ID_LIMIT", "too many updated records");
  return { ids, latestDateCovered: covered(instance, object, window.end) };
}

export function getDeleted(instance: Instance, object: string, query: URLSearchParams): object {
  const window = readWindow(instance, query, "deleted");
  const deletedRecords = changedIn(instance, object, window, true).map((fields) => ({
    id: fields.Id,
    deletedDate: formatDatetime(Number(fields.SystemModstamp)),
  }));
  const earliestDateAvailable = formatDatetime(instance.now() - FURTHEST.deleted);
  return { deletedRecords, earliestDateAvailable, latestDateCovered: covered(instance, object, window.end) };
}

interface Window {
  readonly start: number;
  readonly end: number;
}

function changedIn(instance: Instance, object: string, { start, end }: Window, deleted: boolean): readonly Fields[] {
  return [...rowsOf(instance, object, "queryAll")].filter((fields) => {
    const stamp = Number(fields.SystemModstamp);
    return (fields.IsDeleted ?? false) === deleted && stamp >= start && stamp < end;
  });
}

/** Held back at the start of the oldest transaction that is still open. */
function covered({ org, now }: Instance, object: string, end: number): string {
  const latest = Math.min(end, now(), org.oldestOpen(object, now()) ?? Number.POSITIVE_INFINITY);
  return formatDatetime(Math.floor(latest / 1000) * 1000);
}

function readWindow({ now }: Instance, query: URLSearchParams, kind: keyof typeof FURTHEST): Window {
  const [start, end] = ["start", "end"].map((name) => readTime(query.get(name), name)) as [number, number];
  const refuse = (message: string) => new RestError(400, "INVALID_REPLICATION_DATE", message);
  if (end - start < MINUTE) throw refuse("startDate must be at least one minute greater than endDate");
  if (start < now() - FURTHEST[kind])
    throw refuse(`startDate before org replication enabled date or older than ${FURTHEST[kind] / DAY} days`);
  return { start, end };
}

function readTime(text: string | null, name: string): number {
  const time = Date.parse(text ?? "");
  if (!Number.isFinite(time))
    throw new RestError(400, "INVALID_REPLICATION_DATE", `${name} is not an ISO 8601 date: ${text}`);
  return Math.floor(time / MINUTE) * MINUTE;
}
