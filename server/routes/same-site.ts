import type { RequestHandler } from "express";
import { Failure } from "../../core/errors.ts";

/**
 * Refuses what another site's page asks for in the name of the person at the browser. A browser tells where a request comes
 * from; a program does not, and may. `publicUrl`: our origin as browsers know it.
 */
export const sameSite =
  (publicUrl: () => string): RequestHandler =>
  (request, _response, next) => {
    const site = request.headers["sec-fetch-site"];
    const { origin, host } = request.headers;
    const foreign =
      (site !== undefined && site !== "same-origin") || (origin !== undefined && !isOurs(origin, host, publicUrl()));
    next(foreign ? new Failure("not_allowed", "another site's page may not do this") : undefined);
  };

/** The public origin itself, scheme and all; on any other of our names (loopback's) the host that was asked. `null` is nobody's. */
function isOurs(origin: string, host: string | undefined, publicUrl: string): boolean {
  const asked = URL.parse(origin)?.host;
  return origin === publicUrl || (asked !== undefined && asked === host && asked !== new URL(publicUrl).host);
}
