import { secretIn } from "../route/secret.ts";

const place = "invitation";

/**
 * Signing in leads away to a CRM and back: this tab keeps the invitation meanwhile, and only this one. Out of the address it
 * goes at once, so that no history and no screenshot keeps it.
 */
export function rememberInvitation(): string | undefined {
  const token = secretIn(location.hash, "token");
  if (token === undefined) return undefined;
  sessionStorage.setItem(place, token);
  history.replaceState(null, "", location.pathname);
  return token;
}

export const rememberedInvitation = (): string | undefined => sessionStorage.getItem(place) ?? undefined;
export const forgetInvitation = (): void => sessionStorage.removeItem(place);
