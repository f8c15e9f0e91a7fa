import type { Kysely, Selectable } from "kysely";
import type { PersonId } from "../../core/types.ts";
import { newId } from "./ids.ts";
import type { Tables } from "./tables.ts";
import type { PersonTable } from "./tables-people.ts";

/** Somebody, as a CRM or the operator's link vouches for them. */
export interface Person {
  readonly id: PersonId;
  readonly name?: string;
  readonly mail?: string;
}

/** Who it is, as the vouching side says it: `issuer` and `subject` name a person, never one of them alone. */
export interface Known {
  readonly issuer: string;
  readonly subject: string;
  readonly name?: string;
  readonly mail?: string;
}

/** The person of this issuer and subject, made at the first meeting; name and mail are as they were told last. */
export async function knowPerson(db: Kysely<Tables>, known: Known, now: Date): Promise<Person> {
  const { issuer, subject, name = null, mail = null } = known;
  const row = await db
    .insertInto("person")
    .values({ id: newId("usr"), issuer, subject, name, mail, created_at: now, seen_at: now })
    .onConflict((conflict) => conflict.columns(["issuer", "subject"]).doUpdateSet({ name, mail, seen_at: now }))
    .returningAll()
    .executeTakeFirstOrThrow();
  return toPerson(row);
}

export async function findPeople(db: Kysely<Tables>, ids: readonly PersonId[]): Promise<ReadonlyMap<PersonId, Person>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom("person").selectAll().where("id", "in", ids).execute();
  return new Map(rows.map(toPerson).map((person) => [person.id, person]));
}

export const toPerson = ({ id, name, mail }: Pick<Selectable<PersonTable>, "id" | "name" | "mail">): Person => ({
  id: id as PersonId,
  ...(name !== null && { name }),
  ...(mail !== null && { mail }),
});
