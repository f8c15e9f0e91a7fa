import type { CookieOptions, Request, Response } from "express";
import { looksLikeToken } from "./token.ts";

/** `session`: who is signed in. `install`: the browser that went to a consent page and came back. */
export type CookieName = "session" | "install";

/** The cookies of one browser. */
export interface Cookies {
  read(name: CookieName): string | undefined;
  give(name: CookieName, token: string, lastsMs: number): void;
  drop(name: CookieName): void;
}

/**
 * Lax, because the way back from a vendor's consent page is a navigation from another site. With `__Host-` (RFC 6265bis) a
 * browser takes them over https only, from this very host and for all of it, so that no sister domain can plant one; over
 * http, on this machine, there is no such name.
 */
export function cookiesOf(request: Request, response: Response, publicUrl: string): Cookies {
  const secure = publicUrl.startsWith("https:");
  const named = (name: CookieName): string => (secure ? `__Host-${name}` : name);
  const options: CookieOptions = { secure, httpOnly: true, sameSite: "lax", path: "/" };
  return {
    read(name) {
      const found = pairs(request.headers.cookie).filter(([key]) => key === named(name));
      const [[, token = ""] = []] = found;
      // Two of one name: one of them was planted, and nobody can tell which.
      return found.length === 1 && looksLikeToken(token) ? token : undefined;
    },
    give: (name, token, lastsMs) => void response.cookie(named(name), token, { ...options, maxAge: lastsMs }),
    drop: (name) => void response.clearCookie(named(name), options),
  };
}

const pairs = (header = ""): readonly (readonly [string, string])[] =>
  header.split(";").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()] as const;
  });
