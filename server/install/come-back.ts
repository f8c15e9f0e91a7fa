import type { AnyConnector, Identity, TokenAnswer } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import type { PersonId, TenantId } from "../../core/types.ts";
import type { Grant } from "../access/grant.ts";
import { newToken, tokenHash } from "../sign-in/token.ts";
import type { Visitor } from "../sign-in/visitor.ts";
import { newId } from "../store/ids.ts";
import {
  addInstall,
  type Install,
  installLivesMs,
  installPlace,
  installsOfBrowser,
  takeInstall,
} from "../store/installs.ts";
import { knowPerson } from "../store/people.ts";
import { recall, redirectUriOf } from "./asked.ts";
import { introduce } from "./introduce.ts";
import { giveBack, letGo } from "./let-go.ts";
import { returnUrlOf } from "./marketplace.ts";
import { missingScopes } from "./missing-scopes.ts";
import type { InstallParts } from "./parts.ts";
import { oauthOf, placeAt, placeOf } from "./places.ts";
import { refuseTaken } from "./taken.ts";
import { openVendor, type Vendor } from "./vendor.ts";

/**
 * The browser is back from a consent page. What the vendor grants becomes an install that nobody has confirmed yet; nothing is
 * connected and nobody is signed in.
 *
 * @returns the path to go on to, without anything of the address that was come back to
 * @throws Failure of the catalogue; then nothing is kept, and what was granted is given back
 */
export async function comeBack(
  connector: AnyConnector,
  query: URLSearchParams,
  visitor: Visitor,
  parts: InstallParts,
): Promise<string> {
  const states = query.getAll("state");
  const [state] = states;
  if (states.length > 1 || (state === undefined && !oauthOf(connector).marketplaceHosts))
    throw new Failure("oauth_state");
  return state === undefined
    ? await unasked(connector, query, visitor, parts)
    : await asked(connector, query, state, visitor, parts);
}

async function asked(
  connector: AnyConnector,
  query: URLSearchParams,
  state: string,
  visitor: Visitor,
  parts: InstallParts,
): Promise<string> {
  const { asked: about, request } = await recall(connector, state, visitor, parts);
  const { origin, redirectUri, verifier, returnTo } = about;
  const finalize = query.get("step") === "finalize";
  // A consent of ours always has a verifier; one that the marketplace makes never has.
  if (finalize === (verifier !== undefined)) throw new Failure("oauth_state");
  const returnUrl = finalize ? returnUrlOf(connector, query, parts) : undefined;
  const vendor = openVendor(
    connector,
    placeAt(connector, origin, parts.simulated?.[connector.manifest.id]),
    parts.access,
  );
  const answer = await vendor.redeem(withoutSteps(query), { redirectUri, state, ...(verifier && { verifier }) });
  if (returnTo === "invitation") return await introduce(connector, vendor, answer, { origin }, visitor, parts);
  const install = await keep(connector, vendor, answer, parts, {
    browserHash: request.browserHash,
    asked: true,
    ...(request.tenantId && { tenantId: request.tenantId }),
    origin,
    ...(returnTo && { returnTo }),
    ...(returnUrl && { returnUrl }),
  });
  await refuseTaken(install, visitor.session?.person.id, parts);
  return `/install/${install.id}`;
}

/** The vendor's marketplace began, without asking us. It attaches to nobody: a person who is signed in may claim it. */
async function unasked(
  connector: AnyConnector,
  query: URLSearchParams,
  { cookies }: Visitor,
  parts: InstallParts,
): Promise<string> {
  if (query.has("step") || !query.has("code")) throw new Failure("oauth_state");
  const place = placeOf(connector, {}, parts.simulated?.[connector.manifest.id]);
  const vendor = openVendor(connector, place, parts.access);
  const answer = await vendor.redeem(query, { redirectUri: redirectUriOf(connector, parts) });
  const browser = cookies.read("install") ?? newToken();
  await keep(connector, vendor, answer, parts, { browserHash: tokenHash(browser), asked: false, origin: place.origin });
  cookies.give("install", browser, installLivesMs);
  return "/claim";
}

interface Way {
  readonly browserHash: string;
  readonly asked: boolean;
  readonly tenantId?: TenantId;
  readonly origin: string;
  readonly returnTo?: string;
  readonly returnUrl?: string;
}

/** Finds out who it is and keeps the grant sealed; one of the same account that was waiting gives way. */
async function keep(
  connector: AnyConnector,
  vendor: Vendor,
  answer: TokenAnswer,
  parts: InstallParts,
  { browserHash, asked, tenantId, origin, ...returns }: Way,
): Promise<Install> {
  const { store, vault, clock } = parts;
  const now = clock.now();
  const refreshToken = typeof answer.refresh_token === "string" ? answer.refresh_token : undefined;
  try {
    const identity = await vendor.identify(answer);
    const missing = missingScopes(connector.manifest, identity);
    if (missing.length > 0 || !refreshToken) throw new Failure("oauth_scopes", missing.join(", ") || "refresh_token");
    const { id: accountId, name: accountName, sandbox } = identity.account;
    const person = await knowPerson(store.db, identity.person, now);
    const id = newId("ins");
    const grant = grantFrom(answer, refreshToken, identity, now);
    const install: Install = {
      id,
      browserHash,
      provider: connector.manifest.id,
      accountId,
      personId: person.id as PersonId,
      ...(tenantId && { tenantId }),
      asked,
      about: { accountName, sandbox, scopes: [...identity.scopes], origin, ...returns },
      sealed: vault.seal(installPlace(id), JSON.stringify(grant)),
      createdAt: now,
    };
    const waiting = await installsOfBrowser(store.db, browserHash, now);
    await addInstall(store.db, install);
    for (const other of waiting.filter((one) => one.provider === install.provider && one.accountId === accountId)) {
      const taken = await takeInstall(store.db, other.id);
      if (taken) await letGo(taken, parts);
    }
    return install;
  } catch (error) {
    if (refreshToken) await giveBack(vendor, refreshToken, connector, parts);
    throw error;
  }
}

function grantFrom(answer: TokenAnswer, refreshToken: string, { apiUrl }: Identity, now: Date): Grant {
  const { access_token: accessToken, expires_in: seconds } = answer;
  return {
    type: "refresh_token",
    client: "app",
    refreshToken,
    ...(typeof accessToken === "string" && { accessToken }),
    ...(typeof seconds === "number" && { expiresAt: new Date(now.getTime() + seconds * 1000).toISOString() }),
    ...(apiUrl !== undefined && { apiUrl }),
  };
}

/** What HubSpot's marketplace adds is not OAuth's. */
function withoutSteps(query: URLSearchParams): URLSearchParams {
  const rest = new URLSearchParams(query);
  for (const name of ["step", "returnUrl"]) rest.delete(name);
  return rest;
}
