import type { Kysely } from "kysely";
import type { TenantId } from "../../core/types.ts";
import { type FoundBy, namesOfStage, placesOfRecord, requestOfTrace, writtenAs } from "./delivery-find.ts";
import { type DeliveryRow, rowsAt } from "./delivery-rows.ts";
import { scan } from "./delivery-scan.ts";
import { stretchesOf } from "./delivery-stretch.ts";
import { isWanted, type Place, type Wanted } from "./delivery-wanted.ts";
import { cutoff } from "./retention-age.ts";
import type { Tables } from "./tables.ts";

export interface ListAsked {
  readonly wanted: Wanted;
  /** What somebody has in hand: the id of a record, a lead, an event or a request. */
  readonly text?: string;
  readonly after?: Place;
  readonly limit: number;
  readonly now: Date;
  /** Whoever waits is answered after about this long, with what was found; absent: after all was looked at. */
  readonly budgetMs?: number;
}

export interface DeliveryList {
  readonly rows: readonly DeliveryRow[];
  /** Where to go on; absent: there is nothing further. */
  readonly next?: Place;
  /** Time was up: everything kept after this was looked at. */
  readonly searchedTo?: Date;
  readonly foundBy?: FoundBy;
}

/** The list goes back to here: payloads are not kept longer, and without them nobody could tell what was sent. */
export const listedFrom = (now: Date): Date => cutoff(now, "payloads");

/** Newest first. */
export async function listDeliveries(db: Kysely<Tables>, tenantId: TenantId, asked: ListAsked): Promise<DeliveryList> {
  const { text } = asked;
  if (text === undefined) return await search(db, tenantId, asked);
  const places = await placesOfRecord(db, tenantId, text);
  if (places.length > 0) return { ...(await ofPlaces(db, tenantId, places, asked)), foundBy: "record" };
  const foundBy = /^[0-9a-f]{32}$/.test(text) ? "event" : /^\d{6,20}$/.test(text) ? "lead" : "trace";
  if (foundBy !== "trace") {
    const wanted = { ...asked.wanted, naming: writtenAs[foundBy](text) };
    const found = await search(db, tenantId, { ...asked, wanted });
    // There is one event of this id, and no other.
    return { ...(foundBy === "event" && found.rows.length > 0 ? { rows: found.rows } : found), foundBy };
  }
  const between = await requestOfTrace(db, tenantId, text);
  if (!between) return { rows: [] };
  return { ...(await search(db, tenantId, { ...asked, wanted: { ...asked.wanted, between } })), foundBy };
}

/** A record has few entries: all are read, however old, and looked through here. */
async function ofPlaces(
  db: Kysely<Tables>,
  tenantId: TenantId,
  places: readonly Place[],
  { wanted, after, limit, now }: ListAsked,
): Promise<DeliveryList> {
  const all = (await rowsAt(db, tenantId, places, now)).filter((row) => isWanted(row, wanted));
  const from = after ? all.findIndex(({ at }) => isAt(at, after)) + 1 : 0;
  const rows = all.slice(from, from + limit);
  const last = rows.at(-1);
  return { rows, ...(last && from + limit < all.length && { next: last.at }) };
}
const isAt = (a: Place, b: Place): boolean =>
  a.connectionId === b.connectionId && a.record === b.record && a.place === b.place;

/** Deliveries of each log that one statement looks at: few where nearly all are wanted, then as many as take about so long. */
const most = 30_000;
const aimMs = 30;
const nextLooked = (looked: number, tookMs: number): number =>
  Math.round(Math.min(most, looked * Math.min(8, Math.max(0.25, aimMs / tookMs))));

async function search(db: Kysely<Tables>, tenantId: TenantId, asked: ListAsked): Promise<DeliveryList> {
  const { limit, now, budgetMs } = asked;
  const ends = performance.now() + (budgetMs ?? Number.POSITIVE_INFINITY);
  const wanted = await withNames(db, tenantId, asked.wanted);
  const kept = listedFrom(now);
  const since = wanted.from && wanted.from > kept ? wanted.from : kept;
  const found: Place[] = [];
  let after = asked.after;
  let looked = limit + 1;
  do {
    const stretches = await stretchesOf(db, tenantId, wanted, after, since);
    const left = limit + 1 - found.length;
    const began = performance.now();
    const seen = await scan(db, tenantId, { wanted, stretches, after, since, limit: left, looked });
    found.push(...seen.found);
    after = seen.reached;
    looked = nextLooked(looked, performance.now() - began);
  } while (after && found.length <= limit && performance.now() < ends);
  const page = found.slice(0, limit);
  const rows = await rowsAt(db, tenantId, page, now);
  const last = page.at(-1);
  if (found.length > limit && last) return { rows, next: last };
  return { rows, ...(after && { next: after, searchedTo: after.keptAt }) };
}

/** What has none of the names of a stage need not be looked up in the ledger to see that it is of another. */
async function withNames(db: Kysely<Tables>, tenantId: TenantId, wanted: Wanted): Promise<Wanted> {
  if (wanted.stageId === undefined) return wanted;
  const sentAs = await namesOfStage(db, tenantId, wanted);
  return sentAs ? { ...wanted, sentAs } : wanted;
}
