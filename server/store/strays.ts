import { type Kysely, sql } from "kysely";
import type { PersonId } from "../../core/types.ts";
import type { Tables } from "./tables.ts";

/**
 * Forgets those of them that are a member nowhere (any more), and ends their sessions.
 *
 * @returns how many
 */
export async function forgetPeople(db: Kysely<Tables>, ids: readonly PersonId[]): Promise<number> {
  if (ids.length === 0) return 0;
  const strays = await db
    .selectFrom("person")
    .select("id")
    .where("id", "in", [...ids])
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom("member").select("role").whereRef("member.person_id", "=", "person.id"))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom("install").select("id").whereRef("install.person_id", "=", "person.id"))),
    )
    .execute();
  const gone = strays.map(({ id }) => id);
  if (gone.length === 0) return 0;
  await db.deleteFrom("session").where("person_id", "in", gone).execute();
  await db.deleteFrom("person").where("id", "in", gone).execute();
  return gone.length;
}

/** People who belong to no workspace, have no session and nothing under way, and were not here since then: nobody's business. */
export async function purgeStrays(db: Kysely<Tables>, before: Date): Promise<void> {
  await sql`
    delete from person p where p.seen_at < ${before}::timestamptz
      and not exists (select from member m where m.person_id = p.id)
      and not exists (select from session s where s.person_id = p.id)
      and not exists (select from install i where i.person_id = p.id)
      and not exists (select from dataset d where d.connected_by = p.id)
      and not exists (select from connection c where c.connected_by = p.id)`.execute(db);
}
