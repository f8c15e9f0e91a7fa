import type { RequestHandler } from "express";
import { Failure } from "../../core/errors.ts";
import type { Clock } from "../../core/ports.ts";
import { addressedTo } from "../routes/addressed-to.ts";
import type { Caller, Route } from "../routes/route.ts";
import { sameSite } from "../routes/same-site.ts";
import type { Store } from "../store/open.ts";
import { cookiesOf } from "./cookies.ts";
import { ipKey } from "./ip-key.ts";
import type { Limits } from "./limits.ts";
import { isAtLeast, type Role, roles } from "./roles.ts";
import { findSession } from "./session.ts";
import { tokenHash } from "./token.ts";
import { noteVisitor, seatOf, visitorOf } from "./visitor.ts";

export interface GuardParts {
  readonly store: Pick<Store, "db">;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Host names under which people reach us. */
  readonly hosts: readonly string[];
  /** Our origin as browsers know it. */
  publicUrl(): string;
}

/** What everybody but the caller meant is kept from; machines and vendors prove themselves in their handlers. */
export function guards(route: Route, parts: GuardParts): readonly RequestHandler[] {
  const { who, method, anyHost } = route;
  if (who === "vendor" || who === "ingest_key") return [];
  const here = anyHost ? [] : [addressedTo(parts.hosts)];
  const changes = method === "get" ? [] : [sameSite(parts.publicUrl)];
  if (who === "operator") return [...here, ...changes];
  // One that needs no host is asked by machines all day: nothing is looked up for them.
  return [...here, ...changes, ...(anyHost ? [] : [meet(parts), admit(who), within(route, parts)])];
}

/** Finds out who it is. A cookie that opens nothing any more is as good as none. */
const meet =
  ({ store, clock, limits, publicUrl }: GuardParts): RequestHandler =>
  async (request, response, next) => {
    const cookies = cookiesOf(request, response, publicUrl());
    const [token, install] = [cookies.read("session"), cookies.read("install")];
    const session = token === undefined ? undefined : await findSession(store.db, token, clock.now());
    if (!session) await limits.take("anyone", ipKey(request.ip));
    noteVisitor(response, {
      cookies,
      ...(session && { session }),
      ...(install !== undefined && { browser: tokenHash(install) }),
    });
    next();
  };

const isRole = (who: Caller): who is Role => (roles as readonly string[]).includes(who);

const admit =
  (who: Caller): RequestHandler =>
  (_request, response, next) => {
    const { session, browser } = visitorOf(response);
    if (who === "installer" && browser === undefined)
      throw new Failure("not_signed_in", "this browser has no install under way");
    if (who === "person" && !session) throw new Failure("not_signed_in");
    if (isRole(who) && !isAtLeast(seatOf(response).role, who))
      throw new Failure("not_allowed", `it takes the role ${who}`);
    next();
  };

/** Not more often than its kind may. */
const within =
  ({ limit }: Route, { limits }: GuardParts): RequestHandler =>
  async (request, response, next) => {
    const { session } = visitorOf(response);
    const tenant = session?.open?.tenant.id;
    if (session) await limits.take("session", session.id);
    if (tenant) await limits.take("tenant", tenant);
    if (limit) await limits.take(limit, limit === "sign_in" ? ipKey(request.ip) : (tenant ?? ipKey(request.ip)));
    next();
  };
