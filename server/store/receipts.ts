import type { Kysely } from "kysely";
import { z } from "zod";
import { newId } from "./ids.ts";
import type { Tables } from "./tables.ts";

/** What an erasure came to: counts, never names. It stays when the workspace is gone. */
export const Counts = z.record(z.string(), z.number().int().nonnegative());
export type Counts = z.infer<typeof Counts>;

/** Erasures that end with a receipt. `…_asked`: under way still, and `about` says of what. */
export type Erasure = "person" | "workspace";

export interface Receipt {
  readonly id: string;
  readonly erasure: Erasure;
  /** When it was asked for; once it is done, when it was done. */
  readonly at: Date;
  readonly done?: Counts;
}

const whats = {
  person: { asked: "person.erasing", done: "person.erased" },
  workspace: { asked: "workspace.erasing", done: "workspace.erased" },
} as const;

/** Durable: whoever dies in the middle, the chore goes on. `task` is forgotten when it is done. */
export async function askErasure(db: Kysely<Tables>, erasure: Erasure, task: object, now: Date): Promise<string> {
  const id = newId("rcp");
  await db
    .insertInto("receipt")
    .values({ id, at: now, what: whats[erasure].asked, about: JSON.stringify(task) })
    .execute();
  return id;
}

/** Erasures that were asked for and are not done, the first first. */
export async function askedErasures(
  db: Kysely<Tables>,
  erasure: Erasure,
  limit: number,
): Promise<readonly { readonly id: string; readonly at: Date; readonly task: unknown }[]> {
  const rows = await db
    .selectFrom("receipt")
    .selectAll()
    .where("what", "=", whats[erasure].asked)
    .orderBy("at")
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(({ id, at, about }) => ({ id, at, task: about }));
}

/** It is done: what was asked gives way to what it came to. False: it was done already. */
export async function finishErasure(
  db: Kysely<Tables>,
  { id, erasure }: Pick<Receipt, "id" | "erasure">,
  counts: Counts,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("receipt")
    .set({ what: whats[erasure].done, at: now, about: JSON.stringify(counts) })
    .where("id", "=", id)
    .where("what", "=", whats[erasure].asked)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** It is not wanted any more, before anything was done. */
export async function withdrawErasure(db: Kysely<Tables>, id: string): Promise<void> {
  await db
    .deleteFrom("receipt")
    .where("id", "=", id)
    .where("what", "in", [whats.person.asked, whats.workspace.asked])
    .execute();
}

export async function findReceipt(db: Kysely<Tables>, id: string): Promise<Receipt | undefined> {
  const row = await db.selectFrom("receipt").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) return undefined;
  for (const erasure of ["person", "workspace"] as const) {
    if (row.what === whats[erasure].asked) return { id, erasure, at: row.at };
    if (row.what === whats[erasure].done) return { id, erasure, at: row.at, done: Counts.parse(row.about) };
  }
  return undefined;
}

/** Proofs that nobody will ask for any more. */
export async function purgeReceipts(db: Kysely<Tables>, before: Date): Promise<void> {
  await db
    .deleteFrom("receipt")
    .where("at", "<", before)
    .where("what", "not in", [whats.person.asked, whats.workspace.asked])
    .execute();
}
