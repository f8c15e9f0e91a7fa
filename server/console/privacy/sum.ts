import type { PersonFound } from "../../api/people.ts";

/** Over all accounts. */
export const sum = (
  connections: PersonFound["connections"],
  what: "records" | "sent" | "waiting" | "entries",
): number => connections.reduce((all, one) => all + one[what], 0);
