import type { Kysely } from "kysely";
import type { PersonId } from "../../core/types.ts";
import type { SavedBy } from "../api/mapping.ts";
import type { SavedMapping } from "../store/mappings.ts";
import { findPeople } from "../store/people.ts";
import type { Tables } from "../store/tables.ts";

/** Who saved each of these versions, by what the version says of it. People belong to no workspace: the workers' role asks. */
export async function saversOf(
  db: Kysely<Tables>,
  versions: readonly SavedMapping[],
): Promise<(version: SavedMapping) => SavedBy> {
  const ids = new Set(versions.map(({ savedBy }) => savedBy).filter(isPerson));
  const people = await findPeople(db, [...ids]);
  return ({ savedBy }) => {
    if (!isPerson(savedBy)) return { by: savedBy === "IN_HOUSE_PIPELINES" ? "file" : "suggestion" };
    const person = people.get(savedBy);
    const name = person?.name ?? person?.mail;
    return { by: "person", ...(name !== undefined && { name }) };
  };
}

const isPerson = (savedBy: string): savedBy is PersonId => savedBy.startsWith("usr_");
