import type { Store } from "../../../server/store/open.ts";
import type { Account } from "./world.ts";

/** An account's books, as the database has them. */
export interface Sums {
  /** Stage entries in the ledger, and what the running tallies say of them, by outcome. */
  readonly ledger: Readonly<Record<string, number>>;
  readonly tallies: Readonly<Record<string, number>>;
  /** Of its dataset's lane: events not settled, whether somebody holds it, and what was given up. */
  readonly waiting: number;
  readonly held: boolean;
  readonly dead: readonly Dead[];
}
export interface Dead {
  readonly reason: string;
  readonly code: number | null;
  readonly subcode: number | null;
  readonly words: string | null;
  readonly trace_id: string | null;
}

export async function sumsOf({ pool }: Store, accounts: readonly Account[]): Promise<ReadonlyMap<Account, Sums>> {
  const rows = async <Row extends object>(text: string): Promise<readonly Row[]> => (await pool.query<Row>(text)).rows;
  type Count = { id: string; outcome: string; n: number };
  const [ledger, tallies, lanes, dead] = await Promise.all([
    rows<Count>("select connection_id as id, outcome, count(*) as n from record_stage group by 1, 2"),
    rows<Count>(
      `select connection_id as id, outcome, sum(n)::bigint as n from tally
       where outcome not like 'dropped:%' group by 1, 2 having sum(n) <> 0`,
    ),
    rows<{ id: string; waiting: number; held: boolean }>(
      "select id, next_seq - 1 - cursor_seq as waiting, lease_until is not null as held from lane where kind = 'send'",
    ),
    rows<Dead & { id: string }>("select dataset_id as id, reason, code, subcode, words, trace_id from dead_event"),
  ]);
  const counts = (of: readonly Count[], id: string) =>
    Object.fromEntries(of.filter((row) => row.id === id).map(({ outcome, n }) => [outcome, n]));
  return new Map(
    accounts.map((account): [Account, Sums] => {
      const { id, datasetId = "" } = account.connection;
      const lane = lanes.find((row) => row.id === datasetId);
      return [
        account,
        {
          ledger: counts(ledger, id),
          tallies: counts(tallies, id),
          waiting: lane?.waiting ?? Number.NaN,
          held: lane?.held ?? true,
          dead: dead.filter((row) => row.id === datasetId),
        },
      ];
    }),
  );
}

/** Whether so many changes are in the ledger, and no dataset's lane has anything to send or is worked on. */
export async function drained({ pool }: Store, changes: number): Promise<boolean> {
  const { rows } = await pool.query<{ entries: number; busy: number }>(
    `select (select count(*) from record_stage) as entries,
       (select count(*) from lane where kind = 'send' and (lease_until is not null or next_seq > cursor_seq + 1)) as busy`,
  );
  return rows[0]?.entries === changes && rows[0].busy === 0;
}

export const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, n) => sum + n, 0);
