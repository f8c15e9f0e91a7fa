import type { Response } from "express";
import { Failure } from "../../core/errors.ts";
import type { PersonId, Tenant } from "../../core/types.ts";
import type { Cookies } from "./cookies.ts";
import type { Role } from "./roles.ts";
import type { SignedIn } from "./session.ts";

/** Whoever is at the other end, as far as the guard of a route has found out. */
export interface Visitor {
  readonly cookies: Cookies;
  readonly session?: SignedIn;
  /** Hash of the install cookie: the browser that a consent page was shown to. */
  readonly browser?: string;
}

/** A member in the workspace that is open. */
export interface Seat {
  readonly tenant: Tenant;
  readonly role: Role;
  readonly who: PersonId;
  readonly session: SignedIn;
}

const visitors = new WeakMap<Response, Visitor>();

export const noteVisitor = (response: Response, visitor: Visitor): void => void visitors.set(response, visitor);

/** For handlers of routes that a person calls (every one but those of machines and vendors). */
export function visitorOf(response: Response): Visitor {
  const visitor = visitors.get(response);
  if (!visitor) throw new TypeError("this route has no guard that looks who calls");
  return visitor;
}

/**
 * For handlers of routes that a role is needed for.
 *
 * @throws Failure `not_signed_in`, or `not_allowed` when no workspace is open
 */
export function seatOf(response: Response): Seat {
  const { session } = visitorOf(response);
  if (!session) throw new Failure("not_signed_in");
  if (!session.open) throw new Failure("not_allowed", "no workspace is open; open one of yours first");
  return { ...session.open, who: session.person.id, session };
}
