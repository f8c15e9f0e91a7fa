import { maskEmail } from "../../core/privacy.ts";
import type { PersonId } from "../../core/types.ts";
import type { Store } from "../store/open.ts";
import { findPeople } from "../store/people.ts";

/** What the people among these ids are called; who did it may be a vendor or ourselves, and those have no name here. */
export async function namesOf(
  ids: Iterable<string | null>,
  { db }: Pick<Store, "db">,
): Promise<ReadonlyMap<string, string>> {
  const people = [...new Set(ids)].filter((id): id is PersonId => id?.startsWith("usr_") === true);
  // People are in no workspace of their own, and the web role cannot see them.
  const found = await findPeople(db, people);
  return new Map(
    [...found.values()].flatMap(({ id, name, mail }) => {
      const told = name ?? (mail && maskEmail(mail));
      return told ? [[id, told] as const] : [];
    }),
  );
}

/** As the API tells of them. */
export const somebody = (id: string, names: ReadonlyMap<string, string>) => {
  const name = names.get(id);
  return { id, ...(name !== undefined && { name }) };
};
