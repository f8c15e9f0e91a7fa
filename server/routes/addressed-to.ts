import type { RequestHandler } from "express";
import { Failure } from "../../core/errors.ts";

/**
 * Refuses requests for any other host name: a web page that points its own name at our loopback address (DNS rebinding) would
 * otherwise read what only the operator may see.
 */
export const addressedTo =
  (hosts: readonly string[]): RequestHandler =>
  (request, _response, next) => {
    const name = (URL.parse(`http://${request.headers.host ?? ""}`)?.hostname ?? "").replace(/^\[|\]$/g, "");
    next(hosts.includes(name) ? undefined : new Failure("not_allowed", "unknown host name"));
  };
