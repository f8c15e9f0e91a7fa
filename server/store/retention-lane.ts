import { type Kysely, sql } from "kysely";
import type { LaneKey } from "./lanes.ts";
import { cutoff } from "./retention-age.ts";
import type { Tables } from "./tables.ts";

/** Rows that one statement deletes or looks at. */
export const rowsOfSlice = 1_000;

/** Drops what is too old of one dataset or connection, a slice at a time. */
export async function* dropOfLane(db: Kysely<Tables>, lane: LaneKey, now: Date): AsyncIterable<void> {
  if (lane.kind === "send") {
    yield* untilNone(() => dropEvents(db, lane, cutoff(now, "payloads")));
    yield* untilNone(() => dropRows(db, "dispatch", "dataset_id", "sent_at", lane, cutoff(now, "payloads")));
    yield* untilNone(() => dropRows(db, "dead_event", "dataset_id", "at", lane, cutoff(now, "outcomes")));
    return;
  }
  yield* untilNone(() => dropReceipts(db, lane, cutoff(now, "receipts")));
  yield* untilNone(() => dropRows(db, "tally", "connection_id", "day", lane, dayOf(cutoff(now, "ledger"))));
  yield* untilNone(() => dropRows(db, "reconciliation", "connection_id", "day", lane, dayOf(cutoff(now, "ledger"))));
  yield* dropRecords(db, lane, cutoff(now, "ledger"));
}

/** A step that deletes a slice is done again until one deletes less. */
async function* untilNone(step: () => Promise<number>): AsyncIterable<void> {
  while ((await step()) >= rowsOfSlice) yield;
}

/** From the front of the log, as far as the cursor has come: along a lane created_at never falls. */
async function dropEvents(db: Kysely<Tables>, { tenantId, id }: LaneKey, before: Date): Promise<number> {
  return await deleted(
    db,
    sql`delete from outbox where tenant_id = ${tenantId} and dataset_id = ${id} and created_at < ${before}::timestamptz
      and seq <= (select max(seq) from (
        select seq from outbox
        where tenant_id = ${tenantId} and dataset_id = ${id} and created_at < ${before}::timestamptz and seq <= (
          select cursor_seq from lane where tenant_id = ${tenantId} and kind = 'send' and id = ${id})
        order by seq limit ${rowsOfSlice}) front)`,
  );
}

/** The oldest of a table whose key or index is by time within the lane. */
async function dropRows(
  db: Kysely<Tables>,
  table: "dispatch" | "dead_event" | "tally" | "reconciliation",
  lane: "dataset_id" | "connection_id",
  time: "sent_at" | "at" | "day",
  { tenantId, id }: LaneKey,
  before: Date | string,
): Promise<number> {
  const [rows, owner, at] = [sql.table(table), sql.ref(lane), sql.ref(time)];
  return await deleted(
    db,
    sql`delete from ${rows} where tenant_id = ${tenantId} and ${owner} = ${id} and ${at} < ${before}
      and ${at} <= (select max(${at}) from (
        select ${at} from ${rows} where tenant_id = ${tenantId} and ${owner} = ${id} and ${at} < ${before}
        order by ${at} limit ${rowsOfSlice}) oldest)`,
  );
}

/** Pushes that are settled; one that still waits for its connection to be read is kept however old. */
async function dropReceipts(db: Kysely<Tables>, { tenantId, id }: LaneKey, before: Date): Promise<number> {
  return await deleted(
    db,
    sql`delete from inbox where tenant_id = ${tenantId} and connection_id = ${id} and id in (
      select id from inbox where tenant_id = ${tenantId} and connection_id = ${id} and body is null
        and received_at < ${before}::timestamptz limit ${rowsOfSlice})`,
  );
}

/** Whole records, none of whose entries is newer: of one that still moves, the ledger needs every entry. */
async function* dropRecords(db: Kysely<Tables>, { tenantId, id }: LaneKey, before: Date): AsyncIterable<void> {
  for (let after: string | null = ""; after !== null; ) {
    const found: Records = await recordsAfter(db, { tenantId, id }, before, after);
    if (found.old)
      await sql`
        delete from record_stage
        where tenant_id = ${tenantId} and connection_id = ${id} and record = any (${found.old})
          and not exists (
            select from record_stage newer where newer.tenant_id = ${tenantId} and newer.connection_id = ${id}
              and newer.record = record_stage.record and newer.read_at >= ${before}::timestamptz)`.execute(db);
    after = found.n < rowsOfSlice ? null : found.last;
    if (after !== null) yield;
  }
}

/** Some records in the order of their key: how many, the last, and which of them are old. */
interface Records {
  readonly n: number;
  readonly last: string | null;
  readonly old: string[] | null;
}
async function recordsAfter(
  db: Kysely<Tables>,
  { tenantId, id }: Pick<LaneKey, "tenantId" | "id">,
  before: Date,
  after: string,
): Promise<Records> {
  const { rows } = await sql<Records>`
    select count(*)::int as n, max(record) as last,
      array_agg(record) filter (where newest < ${before}::timestamptz) as old
    from (
      select record, max(greatest(read_at, entered_at)) as newest from record_stage
      where tenant_id = ${tenantId} and connection_id = ${id} and record > ${after}
      group by record order by record limit ${rowsOfSlice}
    ) records`.execute(db);
  return rows[0] ?? { n: 0, last: null, old: null };
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

async function deleted(db: Kysely<Tables>, statement: ReturnType<typeof sql>): Promise<number> {
  return Number((await statement.execute(db)).numAffectedRows ?? 0n);
}
