import type { AnyConnector, OAuthManifest } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";

/** Where an admin signs in at a vendor, with the endpoints that follow from it. Nothing of it is ever taken from an answer. */
export interface Place {
  /** Origin of the sign-in. */
  readonly origin: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly revokeUrl: string;
  /** Of the API, where all accounts share one. */
  readonly apiOrigin?: string;
  /** Origins of the simulated vendor; nothing in the real world. */
  readonly trusted: readonly string[];
}

/** Where a vendor is simulated: one origin that is every place of sign-in, or one for each and the accounts' own. */
export type SimulatedPlaces =
  | string
  | { readonly places: Readonly<Record<string, string>>; readonly own: readonly string[] };

/** What people may say of where they sign in: a place of the manifest by its id, or a host of their own. */
export interface Wish {
  readonly place?: string | undefined;
  readonly host?: string | undefined;
}

/** @throws Failure `input_invalid` when there is no such place, or the host is not one of the vendor's accounts' */
export function placeOf(connector: AnyConnector, wish: Wish, simulated?: SimulatedPlaces): Place {
  const oauth = oauthOf(connector);
  if (wish.host !== undefined && wish.host !== "")
    return placeAt(connector, ownOrigin(oauth, wish.host, simulated), simulated);
  const place = wish.place ? oauth.places.find(({ id }) => id === wish.place) : oauth.places[0];
  if (!place) throw new Failure("input_invalid", "place: no such place of sign-in");
  const origin = typeof simulated === "object" ? simulated.places[place.id] : simulated;
  return placeAt(connector, origin ?? place.origin, simulated);
}

/** The place of an origin that `placeOf` has given before, looked at as closely as the first time. */
export function placeAt(connector: AnyConnector, origin: string, simulated?: SimulatedPlaces): Place {
  const { manifest } = connector;
  const oauth = oauthOf(connector);
  const trusted = originsOf(simulated);
  const real = oauth.places.some((place) => place.origin === origin) || isOwn(oauth, origin);
  if (simulated ? !trusted.includes(origin) : !real) throw new Failure("host_not_allowed", "not a place of sign-in");
  const api = simulated ? origin : (oauth.tokenOrigin ?? origin);
  return {
    origin,
    authorizeUrl: `${origin}${oauth.authorizePath}`,
    tokenUrl: `${api}${manifest.tokenPath ?? ""}`,
    revokeUrl: `${api}${oauth.revokePath}`,
    ...(manifest.origin !== undefined && { apiOrigin: simulated ? origin : manifest.origin }),
    trusted,
  };
}

/** @throws Failure `not_found` when this vendor lets nobody in by OAuth */
export function oauthOf({ manifest }: AnyConnector): OAuthManifest {
  if (!manifest.oauth) throw new Failure("not_found", manifest.id);
  return manifest.oauth;
}

/** A host as a person types it: with or without `https://` and a slash at the end, and nothing else. */
function ownOrigin(oauth: OAuthManifest, typed: string, simulated?: SimulatedPlaces): string {
  const text = typed.trim().toLowerCase().replace(/\/$/, "");
  const told = originsOf(simulated).find((origin) => origin === text || origin === `http://${text}`);
  if (told) return told;
  const origin = text.startsWith("https://") ? text : `https://${text}`;
  if (!isOwn(oauth, origin)) throw new Failure("input_invalid", "host: not an address of this vendor's accounts");
  return origin;
}

/** An origin is a scheme, a host and nothing else: whatever a parser would make something else of is refused. */
function isOwn({ ownHosts }: OAuthManifest, origin: string): boolean {
  const host = origin.slice("https://".length);
  return origin.startsWith("https://") && ownHosts?.test(host) === true && URL.parse(origin)?.origin === origin;
}

const originsOf = (simulated: SimulatedPlaces | undefined): readonly string[] =>
  typeof simulated === "object"
    ? [...Object.values(simulated.places), ...simulated.own]
    : simulated === undefined
      ? []
      : [simulated];
