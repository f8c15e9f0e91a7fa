import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from "oauth4webapi";
import { z } from "zod";
import type { AnyConnector } from "../../core/connector.ts";
import { Failure } from "../../core/errors.ts";
import { newToken, tokenHash } from "../sign-in/token.ts";
import type { Visitor } from "../sign-in/visitor.ts";
import {
  type AuthorizationRequest,
  addAuthorizationRequest,
  requestPlace,
  takeAuthorizationRequest,
} from "../store/authorization-requests.ts";
import { installLivesMs } from "../store/installs.ts";
import type { InstallParts } from "./parts.ts";

/** What we remember of a consent that was asked for, sealed. */
const Asked = z.strictObject({
  /** Origin of the place of sign-in. */
  origin: z.string(),
  redirectUri: z.string(),
  /** PKCE; absent where the vendor's marketplace makes the consent page. */
  verifier: z.string().min(43).max(128).optional(),
  /** Name of a page of the console. */
  returnTo: z.string().optional(),
});
export type Asked = z.infer<typeof Asked>;

/** The only address that this vendor may come back to. A path of its own for each vendor keeps their answers apart. */
export const redirectUriOf = ({ manifest }: AnyConnector, { publicUrl }: Pick<InstallParts, "publicUrl">): string =>
  `${publicUrl()}/oauth/${manifest.id}/callback`;

/** Mints what one consent needs and remembers it: for this browser, and for whoever is signed in there. */
export async function ask(
  connector: AnyConnector,
  about: Pick<Asked, "origin" | "returnTo"> & { readonly marketplace: boolean },
  { cookies, session }: Visitor,
  { store, vault, clock, publicUrl }: InstallParts,
): Promise<{ readonly state: string; readonly redirectUri: string; readonly challenge: string }> {
  const state = newToken();
  const stateHash = tokenHash(state);
  const verifier = generateRandomCodeVerifier();
  const redirectUri = redirectUriOf(connector, { publicUrl });
  const browser = cookies.read("install") ?? newToken();
  cookies.give("install", browser, installLivesMs);
  const { marketplace, ...rest } = about;
  const asked: Asked = { ...rest, redirectUri, ...(!marketplace && { verifier }) };
  const request: AuthorizationRequest = {
    stateHash,
    browserHash: tokenHash(browser),
    provider: connector.manifest.id,
    purpose: "install",
    ...(session && { personId: session.person.id }),
    ...(session?.open && { tenantId: session.open.tenant.id }),
    sealed: vault.seal(requestPlace(stateHash), JSON.stringify(asked)),
  };
  await addAuthorizationRequest(store.db, request, clock.now());
  return { state, redirectUri, challenge: await calculatePKCECodeChallenge(verifier) };
}

/**
 * What was asked for under this state, once. It serves the browser it was minted for, at the vendor it was minted for, and the
 * person and workspace that were signed in there.
 *
 * @throws Failure `oauth_state`
 */
export async function recall(
  connector: AnyConnector,
  state: string,
  { browser, session }: Visitor,
  { store, vault, clock }: InstallParts,
): Promise<{ readonly asked: Asked; readonly request: AuthorizationRequest }> {
  const request = await takeAuthorizationRequest(store.db, tokenHash(state), clock.now());
  if (!request) throw new Failure("oauth_state");
  const { personId, tenantId } = request;
  const theirs =
    request.provider === connector.manifest.id &&
    request.purpose === "install" &&
    request.browserHash === browser &&
    (personId === undefined || personId === session?.person.id) &&
    (tenantId === undefined || tenantId === session?.open?.tenant.id);
  if (!theirs) throw new Failure("oauth_state");
  const plain = vault.open(requestPlace(request.stateHash), request.sealed);
  return { asked: Asked.parse(JSON.parse(plain)), request };
}
