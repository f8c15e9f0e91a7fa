import type { Kysely } from "kysely";
import type { PersonId, Tenant, TenantId } from "../../core/types.ts";
import type { Person } from "../store/people.ts";
import { addSession, dropSession, dropSessionsOf, findKept, purgeSessions, touchSession } from "../store/sessions.ts";
import type { Tables } from "../store/tables.ts";
import { findTenant } from "../store/tenants.ts";
import type { Role } from "./roles.ts";
import { newToken, tokenHash } from "./token.ts";

/** Who is signed in, and where. */
export interface SignedIn {
  /** Names the session in the store and nowhere else; it opens nothing. */
  readonly id: string;
  readonly person: Person;
  readonly endsAt: Date;
  /** The workspace that is open. */
  readonly open?: { readonly tenant: Tenant; readonly role: Role };
}

/** What the browser is given, once. */
export interface NewSession {
  readonly token: string;
  readonly lastsMs: number;
}

/** Without use, and at the longest. */
export const idleMs = 30 * 60_000;
export const longestMs = 12 * 3_600_000;
/** That it is used is noted so often. */
const noteEveryMs = 60_000;

/**
 * A new session with a token of its own. `instead`: the one that the same browser has so far, which ends; a workspace that is
 * merely changed makes no session last longer.
 */
export async function createSession(
  db: Kysely<Tables>,
  { personId, tenantId, instead }: { personId: PersonId; tenantId?: TenantId; instead?: SignedIn },
  now: Date,
): Promise<NewSession> {
  const token = newToken();
  const goesOn = instead?.person.id === personId ? instead.endsAt : undefined;
  const endsAt = goesOn ?? new Date(now.getTime() + longestMs);
  if (instead) await dropSession(db, instead.id);
  await addSession(db, { id: tokenHash(token), personId, ...(tenantId !== undefined && { tenantId }), endsAt }, now);
  return { token, lastsMs: endsAt.getTime() - now.getTime() };
}

/** Who holds this token; nobody once it has ended or was not used for long. */
export async function findSession(db: Kysely<Tables>, token: string, now: Date): Promise<SignedIn | undefined> {
  const kept = await findKept(db, tokenHash(token));
  if (!kept) return undefined;
  const { id, person, seenAt, endsAt, open } = kept;
  const idle = now.getTime() - seenAt.getTime();
  if (endsAt <= now || idle >= idleMs) return undefined;
  if (idle >= noteEveryMs) await touchSession(db, id, now);
  const tenant = open && (await findTenant(db, open.tenantId));
  return { id, person, endsAt, ...(tenant && open && { open: { tenant, role: open.role } }) };
}

export const endSession = async (db: Kysely<Tables>, { id }: Pick<SignedIn, "id">): Promise<void> =>
  await dropSession(db, id);

/** All sessions of a person, all that have a workspace open, or both together; `but`: this one stays. */
export const endSessionsOf = dropSessionsOf;

/** Forgets what has ended; a chore. */
export const forgetEnded = async (db: Kysely<Tables>, now: Date): Promise<number> =>
  await purgeSessions(db, now, new Date(now.getTime() - idleMs));
