import type { Request, RequestHandler, Response } from "express";
import type { AnyConnector } from "../../core/connector.ts";
import { Failure, isFailure } from "../../core/errors.ts";
import { ask } from "../install/asked.ts";
import { comeBack } from "../install/come-back.ts";
import { beginAtMarketplace } from "../install/marketplace.ts";
import type { InstallParts } from "../install/parts.ts";
import { placeOf } from "../install/places.ts";
import { returnToOf } from "../install/return-to.ts";
import { openVendor } from "../install/vendor.ts";
import { visitorOf } from "../sign-in/visitor.ts";
import type { Route } from "./route.ts";

/** The way to a vendor's consent page and back: of each vendor that lets people in by OAuth, at addresses of its own. */
export const oauthRoutes = (parts: InstallParts): readonly Route[] =>
  [...parts.connectors.values()]
    .filter(({ manifest }) => manifest.oauth)
    .flatMap((connector): readonly Route[] => {
      const { id } = connector.manifest;
      const common = { method: "get", who: "anyone", limit: "sign_in" } as const;
      return [
        { ...common, path: `/install/${id}`, handle: going(connector, parts, begin) },
        { ...common, path: `/oauth/${id}/callback`, handle: going(connector, parts, back) },
      ];
    });

type Step = (connector: AnyConnector, request: Request, response: Response, parts: InstallParts) => Promise<string>;

/** To the consent page, with what only this browser can come back with. */
const begin: Step = async (connector, request, response, parts) => {
  const { publicUrl, simulated, access } = parts;
  // Cookies are given under the name that the vendor sends people back to.
  const here = new URL(publicUrl());
  if (request.headers.host !== here.host) return new URL(request.originalUrl.replace(/^\/+/, "/"), here).href;
  const query = queryOf(request, parts);
  const place = placeOf(
    connector,
    { place: one(query, "place"), host: one(query, "host") },
    simulated?.[connector.manifest.id],
  );
  const vendor = openVendor(connector, place, access);
  const about = { origin: place.origin, returnTo: returnToOf(one(query, "returnTo")), marketplace: false };
  return vendor.consentUrl(await ask(connector, about, visitorOf(response), parts));
};

const back: Step = async (connector, request, response, parts) => {
  const query = queryOf(request, parts);
  const visitor = visitorOf(response);
  if (query.get("step") === "authorize") return await beginAtMarketplace(connector, query, visitor, parts);
  return await comeBack(connector, query, visitor, parts);
};

/**
 * Answers with where to go on: always by 303, to an address that holds neither code nor state of this one, so that none stays
 * in a history or a Referer (`no-referrer` besides). What went wrong is told by a page of ours, by its code alone.
 */
const going =
  (connector: AnyConnector, parts: InstallParts, step: Step): RequestHandler =>
  async (request, response) => {
    response.setHeader("cache-control", "no-store");
    response.setHeader("referrer-policy", "no-referrer");
    const to = await step(connector, request, response, parts).catch((error: unknown) => {
      if (!isFailure(error) || error.code === "too_many") throw error;
      parts.log.warn("An install came to nothing", { connector: connector.manifest.id, code: error.code });
      return `/install/failed?${new URLSearchParams({ code: error.code, ...missingIn(error, connector) })}`;
    });
    response.redirect(303, to);
  };

/** Which of the app's own permissions were not granted: the page says what would not work. Nothing else of the failure travels. */
function missingIn({ code, message }: Failure, { manifest }: AnyConnector): Readonly<Record<string, string>> {
  const words = code === "oauth_scopes" ? message.split(/[\s,]+/) : [];
  const missing = manifest.scopes.filter(({ scope }) => words.includes(scope)).map(({ scope }) => scope);
  return missing.length > 0 ? { missing: missing.join(" ") } : {};
}

const queryOf = ({ originalUrl }: Request, { publicUrl }: InstallParts): URLSearchParams =>
  new URL(originalUrl.replace(/^\/+/, "/"), publicUrl()).searchParams;

/** @throws Failure `input_invalid` when it is said twice */
function one(query: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = query.getAll(name);
  if (more.length > 0) throw new Failure("input_invalid", `${name}: said twice`);
  return value;
}
