import type { RequestHandler } from "express";
import { Failure } from "../../core/errors.ts";

/**
 * Refuses what another site's page asks for in the name of the person at the browser. A browser tells where a request comes
 * from; a program does not, and may.
 */
export const sameSite: RequestHandler = (request, _response, next) => {
  const site = request.headers["sec-fetch-site"];
  const { origin, host } = request.headers;
  const foreign = (site !== undefined && site !== "same-origin") || (origin !== undefined && hostOf(origin) !== host);
  next(foreign ? new Failure("not_allowed", "another site's page may not do this") : undefined);
};

/** A page without a place of its own says `null`, which is nobody's host. */
const hostOf = (origin: string): string | undefined => URL.parse(origin)?.host;
