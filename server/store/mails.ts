import type { Kysely, Transaction } from "kysely";
import { type Due, mailsDue, type Occasion, type Reported, write } from "../../core/mails.ts";
import type { Tenant, TenantId } from "../../core/types.ts";
import { newId } from "./ids.ts";
import type { Tables } from "./tables.ts";

/** A mail that is to leave now. */
export interface WaitingMail {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly createdAt: Date;
  readonly dueAt: Date;
  /** Tries so far. */
  readonly attempts: number;
}

/**
 * Writes the mails that are due about these problems, with what opened and closed them in one transaction. Where one mail tells
 * of several problems, the others have a row that says `with` which, so that none is told of twice.
 */
export async function queueMails(
  trx: Transaction<Tables>,
  { id: tenantId, name, alertTo }: Tenant,
  problems: readonly Reported[],
  consoleUrl: string,
  now: Date,
): Promise<void> {
  await withdraw(trx, tenantId, problems);
  const ids = problems.map(({ id }) => id);
  if (ids.length === 0 || alertTo.length === 0) return;
  const rows = await trx
    .selectFrom("mail")
    .select(["problem_id as problemId", "occasion", "recipient", "created_at as at"])
    .where("tenant_id", "=", tenantId)
    .where("problem_id", "in", ids)
    .execute();
  const written = rows.map(({ occasion, ...mail }) => ({ ...mail, occasion: occasion as Occasion }));
  for (const due of mailsDue(problems, written, alertTo, now))
    await insert(trx, tenantId, due, write(due, { workspace: name, consoleUrl, now }), now);
}

async function insert(
  trx: Transaction<Tables>,
  tenantId: TenantId,
  { recipient, occasion, problems, at }: Due,
  { subject, text }: ReturnType<typeof write>,
  now: Date,
): Promise<void> {
  const [first] = problems;
  const carrier = newId("mai");
  const about = { tenant_id: tenantId, occasion, recipient, subject, created_at: now, sent_at: null };
  await trx
    .insertInto("mail")
    .values(
      problems.map((problem) => ({
        ...about,
        problem_id: problem.id,
        ...(problem === first
          ? { id: carrier, body: text, due_at: at, why: null }
          : { id: newId("mai"), body: "", due_at: null, why: `with ${carrier}` }),
      })),
    )
    .onConflict((conflict) => conflict.columns(["tenant_id", "problem_id", "occasion", "recipient"]).doNothing())
    .execute();
}

/** What has come back is not over: mails that say so and have not left are taken back, with all that they tell of. */
async function withdraw(trx: Transaction<Tables>, tenantId: TenantId, problems: readonly Reported[]): Promise<void> {
  const open = problems.filter(({ closedAt }) => !closedAt).map(({ id }) => id);
  if (open.length === 0) return;
  const wrong = await trx
    .selectFrom("mail")
    .select(["id", "why"])
    .where("tenant_id", "=", tenantId)
    .where("problem_id", "in", open)
    .where("occasion", "=", "closed")
    .where("sent_at", "is", null)
    .execute();
  const carriers = wrong.map(({ id, why }) => (why?.startsWith("with ") ? why.slice(5) : id));
  if (carriers.length === 0) return;
  await trx
    .deleteFrom("mail")
    .where("tenant_id", "=", tenantId)
    .where("sent_at", "is", null)
    .where(({ eb, or }) => or([eb("id", "in", carriers), eb("why", "in", carriers.map(passenger))]))
    .execute();
}

const passenger = (carrier: string): string => `with ${carrier}`;

/** Mails whose time has come, longest due first. Asked across tenants, as the claiming of lanes is. */
export async function dueMails(db: Kysely<Tables>, now: Date, limit: number): Promise<readonly WaitingMail[]> {
  const rows = await db
    .selectFrom("mail")
    .selectAll()
    .where("due_at", "<=", now)
    .orderBy("due_at")
    .orderBy("created_at")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    tenantId: row.tenant_id as TenantId,
    id: row.id,
    to: row.recipient,
    subject: row.subject,
    text: row.body,
    createdAt: row.created_at,
    dueAt: row.due_at ?? now,
    attempts: row.attempts,
  }));
}

/**
 * Counts the try and puts the mail off until `until`, so that nobody else sends it meanwhile; should we die, it is due again
 * then.
 *
 * @returns false when somebody else was faster
 */
export async function claimMail(db: Kysely<Tables>, mail: WaitingMail, until: Date): Promise<boolean> {
  const { numUpdatedRows } = await one(db, mail)
    .set({ due_at: until, attempts: mail.attempts + 1 })
    .where("due_at", "=", mail.dueAt)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** It has left, and with it what it told of beside its own problem. */
export async function noteSent(db: Kysely<Tables>, mail: WaitingMail, now: Date): Promise<void> {
  await one(db, mail).set({ sent_at: now, due_at: null, why: null }).execute();
  await carriedBy(db, mail).set({ sent_at: now }).execute();
}

/** It did not leave: another try at `dueAt`, or, without one, none. `why`: a code of the catalogue. */
export async function noteFailed(db: Kysely<Tables>, mail: WaitingMail, why: string, dueAt?: Date): Promise<void> {
  await one(db, mail)
    .set({ why, due_at: dueAt ?? null })
    .execute();
  if (!dueAt) await carriedBy(db, mail).set({ why }).execute();
}

const one = (db: Kysely<Tables>, { tenantId, id }: WaitingMail) =>
  db.updateTable("mail").where("tenant_id", "=", tenantId).where("id", "=", id).where("sent_at", "is", null);

const carriedBy = (db: Kysely<Tables>, { tenantId, id }: WaitingMail) =>
  db
    .updateTable("mail")
    .where("tenant_id", "=", tenantId)
    .where("why", "=", passenger(id))
    .where("sent_at", "is", null);
