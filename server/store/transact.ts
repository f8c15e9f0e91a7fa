import type { Pool, PoolClient, QueryResult } from "pg";
import type { Statement } from "./statements.ts";
import { collided, translated } from "./unavailable.ts";

export type Query = readonly [statement: Statement, ...values: readonly unknown[]];

const tries = 5;

/** One statement on its own, which is a transaction by itself: one that collided with another runs again. */
export async function query(pool: Pool, [{ name, text }, ...values]: Query): Promise<QueryResult> {
  return await untilClear(() => pool.query({ name, text, values }));
}

/**
 * One transaction in two round trips, however many its statements: `first`, whose answers `rest` looks at before it gives the
 * remaining ones. When `rest` throws nothing is written. `rest` must be free of effects: a transaction that collided with
 * another runs again.
 */
export async function transact(
  pool: Pool,
  first: readonly Query[],
  rest: (answers: readonly QueryResult[]) => readonly Query[],
): Promise<readonly QueryResult[]> {
  return await untilClear(() => attempt(pool, first, rest));
}

async function untilClear<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      if (!collided(error) || tried === tries) throw translated(error);
    }
  }
}

async function attempt(
  pool: Pool,
  first: readonly Query[],
  rest: (answers: readonly QueryResult[]) => readonly Query[],
): Promise<readonly QueryResult[]> {
  const client = await pool.connect();
  let broken = false;
  try {
    const [, ...answers] = await together([client.query("begin"), ...send(client, first)]);
    const last = send(client, rest(answers));
    const more = await together([...last, client.query("commit")]);
    return [...answers, ...more.slice(0, -1)];
  } catch (error) {
    await client.query("rollback").catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

const send = (client: PoolClient, queries: readonly Query[]): Promise<QueryResult>[] =>
  queries.map(([{ name, text }, ...values]) => client.query({ name, text, values }));

/** Waits for all, so that nothing is left on the connection; the first that failed is the cause of those after it. */
async function together(results: readonly Promise<QueryResult>[]): Promise<readonly QueryResult[]> {
  const settled = await Promise.allSettled(results);
  return settled.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}
