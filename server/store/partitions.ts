import { type Kysely, sql } from "kysely";
import type { AsOwner } from "./owner.ts";

/** Tables in partitions by day (UTC), and what a day is told by. */
export const partitioned = { outbox: "created_at", dispatch: "sent_at" } as const;
type Partitioned = keyof typeof partitioned;

const dayMs = 86_400_000;
const ahead = 7;

/** What can change a partition: the owner, where the engine has them. */
export interface PartitionedStore {
  readonly partitions: boolean;
  readonly asOwner: AsOwner;
}

/** Yesterday's partitions to those of a week ahead. What finds none lies in the default partition: nothing is ever refused. */
export async function ensurePartitions(store: PartitionedStore, now: Date): Promise<void> {
  if (store.partitions) await store.asOwner((db) => makePartitions(db, now));
}

export async function makePartitions(db: Kysely<unknown>, now: Date): Promise<void> {
  for (const table of Object.keys(partitioned) as Partitioned[]) {
    const there = new Set((await partitionsOf(db, table)).map(({ name }) => name));
    for (let day = -1; day <= ahead; day += 1) {
      const start = new Date(now.getTime() + day * dayMs);
      if (!there.has(nameOf(table, start))) await makePartition(db, table, start);
    }
  }
}

/**
 * Made on its own and then attached, which takes only a lock that reading and writing pass by. The default partition is locked
 * for as long as it takes to see that it holds nothing of the day.
 */
async function makePartition(db: Kysely<unknown>, table: Partitioned, start: Date): Promise<void> {
  const name = nameOf(table, start);
  const bound = (at: Date) => sql.lit(`${at.toISOString().slice(0, 10)} 00:00+00`);
  await whenFree(db, async (trx) => {
    await sql`lock table ${sql.table(table)} in share update exclusive mode`.execute(trx);
    // Another process may have been at it just now.
    if ((await partitionsOf(trx, table)).some((other) => other.name === name)) return;
    await sql`create table ${sql.table(name)} (like ${sql.table(table)} including defaults)`.execute(trx);
    await sql`alter table ${sql.table(table)} attach partition ${sql.table(name)}
      for values from (${bound(start)}) to (${bound(new Date(start.getTime() + dayMs))})`.execute(trx);
  });
}

/** Partitions of days that ended by `end`, oldest first, are dropped with all they hold. @returns how many */
export async function dropPartitions(db: Kysely<unknown>, table: Partitioned, end: Date): Promise<number> {
  const old = (await partitionsOf(db, table)).filter(({ endsAt }) => endsAt <= end);
  let dropped = 0;
  for (const { name } of old)
    if (await whenFree(db, (trx) => sql`drop table ${sql.table(name)}`.execute(trx))) dropped += 1;
  return dropped;
}

export interface Partition {
  readonly name: string;
  readonly endsAt: Date;
}

/** Oldest first, without the default partition. */
export async function partitionsOf(db: Kysely<unknown>, table: Partitioned): Promise<readonly Partition[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = ${table}::regclass order by c.relname`.execute(db);
  return rows.flatMap(({ name }) => {
    const [, year, month, day] = /_(\d{4})(\d\d)(\d\d)$/.exec(name) ?? [];
    return day ? [{ name, endsAt: new Date(Date.UTC(Number(year), Number(month) - 1, Number(day) + 1)) }] : [];
  });
}

const nameOf = (table: Partitioned, at: Date): string =>
  `${table}_${at.toISOString().slice(0, 10).replaceAll("-", "")}`;

/**
 * Whoever waits for a lock holds up those behind it: after a second it gives way. What could not be done is done another day;
 * meanwhile rows lie in the default partition, or a day longer.
 */
async function whenFree(db: Kysely<unknown>, work: (trx: Kysely<unknown>) => Promise<unknown>): Promise<boolean> {
  try {
    await db.transaction().execute(async (trx) => {
      await sql`set local lock_timeout = '1s'`.execute(trx);
      await work(trx);
    });
    return true;
  } catch (error) {
    // Not free just now; or rows of this day lie in the default partition already and stay there until they are too old.
    if (["55P03", "40P01", "23514"].includes((error as { code?: string }).code ?? "")) return false;
    throw error;
  }
}
