import type { RequestHandler } from "express";
import helmet from "helmet";

/** What no answer may be used for: nothing in it is to be run, framed, or sent on. */
const nothing = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/**
 * The headers of every answer, errors and files included. Pages loosen the content policy for themselves (`pagePolicy`); the
 * rest is for programs and shows nothing. Over https, browsers are told to come back so for two years.
 */
export const securityHeaders = (https: boolean): RequestHandler =>
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: nothing },
    frameguard: { action: "deny" },
    strictTransportSecurity: https ? { maxAge: 63_072_000, includeSubDomains: false } : false,
  });

/** For a page of ours: its own files, the styles that carry its nonce, and our API; no frame, no foreign origin. */
export const pagePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
