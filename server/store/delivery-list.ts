import { type Kysely, sql } from "kysely";
import type { TenantId } from "../../core/types.ts";
import { type FoundBy, namesOfStage, placesOfRecord, requestOfTrace, writtenAs } from "./delivery-find.ts";
import { type DeliveryRow, rowsAt } from "./delivery-rows.ts";
import { type Lane, scan } from "./delivery-scan.ts";
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
    return { ...(await search(db, tenantId, { ...asked, wanted })), foundBy };
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

/** Deliveries looked at by one statement: few where nearly all are wanted, and more each time. */
const most = 16_000;

async function search(db: Kysely<Tables>, tenantId: TenantId, asked: ListAsked): Promise<DeliveryList> {
  const { after, limit, now, budgetMs } = asked;
  const ends = performance.now() + (budgetMs ?? Number.POSITIVE_INFINITY);
  const wanted = await withNames(db, tenantId, asked.wanted);
  const kept = listedFrom(now);
  const since = wanted.from && wanted.from > kept ? wanted.from : kept;
  const lanes = await lanesOf(db, tenantId);
  const found: Place[] = [];
  let reached = after;
  let looked = limit + 1;
  do {
    const seen = await scan(db, tenantId, {
      wanted,
      lanes,
      after: reached,
      since,
      limit: limit + 1 - found.length,
      looked,
    });
    found.push(...seen.found);
    reached = seen.reached;
    looked = Math.min(most, looked * 8);
  } while (reached && found.length <= limit && performance.now() < ends);
  const page = found.slice(0, limit);
  const rows = await rowsAt(db, tenantId, page, now);
  const last = page.at(-1);
  if (found.length > limit && last) return { rows, next: last };
  return { rows, ...(reached && { next: reached, searchedTo: reached.keptAt }) };
}

/** What has none of the names of a stage need not be looked up in the ledger to see that it is of another. */
async function withNames(db: Kysely<Tables>, tenantId: TenantId, wanted: Wanted): Promise<Wanted> {
  if (wanted.stageId === undefined) return wanted;
  const sentAs = await namesOfStage(db, tenantId, wanted);
  return sentAs.length > 0 ? { ...wanted, sentAs } : wanted;
}

async function lanesOf(db: Kysely<Tables>, tenantId: TenantId): Promise<readonly Lane[]> {
  const { rows } = await sql<Lane>`
    select id, cursor_seq as cursor from lane where tenant_id = ${tenantId} and kind = 'send' order by id`.execute(db);
  return rows;
}
