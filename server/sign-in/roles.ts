import type { Role } from "../store/tables-people.ts";

export type { Role } from "../store/tables-people.ts";

/** From looking to everything: each may what those before it may. */
export const roles = ["viewer", "admin", "owner"] as const satisfies readonly Role[];

export const isAtLeast = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);
