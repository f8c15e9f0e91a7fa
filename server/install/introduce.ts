import type { AnyConnector, TokenAnswer } from "../../core/connector.ts";
import { createSession } from "../sign-in/session.ts";
import type { Visitor } from "../sign-in/visitor.ts";
import { knowPerson } from "../store/people.ts";
import { giveBack, revokeGrant } from "./let-go.ts";
import type { InstallParts } from "./parts.ts";
import { pathOf } from "./return-to.ts";
import type { Vendor } from "./vendor.ts";

/**
 * Who is invited only has to say who they are, perhaps in an account that a workspace has already: they are signed in, in no
 * workspace, and nothing is connected. What was granted is given back at once.
 *
 * @returns the path to go on to
 * @throws Failure of the catalogue
 */
export async function introduce(
  connector: AnyConnector,
  vendor: Vendor,
  answer: TokenAnswer,
  { origin }: { readonly origin: string },
  { cookies, session }: Visitor,
  parts: InstallParts,
): Promise<string> {
  const refreshToken = typeof answer.refresh_token === "string" ? answer.refresh_token : undefined;
  const identity = await vendor.identify(answer).catch(async (error: unknown) => {
    if (refreshToken) await giveBack(vendor, refreshToken, connector, parts);
    throw error;
  });
  const { id: accountId, name: accountName, sandbox } = identity.account;
  const about = { accountName, sandbox, scopes: [...identity.scopes], origin };
  if (refreshToken) await revokeGrant({ provider: connector.manifest.id, accountId, about }, refreshToken, parts);
  const { db } = parts.store;
  const now = parts.clock.now();
  const { id: personId } = await knowPerson(db, identity.person, now);
  const { token, lastsMs } = await createSession(db, { personId, ...(session && { instead: session }) }, now);
  cookies.give("session", token, lastsMs);
  return pathOf("invitation");
}
