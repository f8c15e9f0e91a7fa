import { addresses } from "../../api/addresses.ts";

const place = "new-workspace";

/** Where an account is connected that gets a workspace of its own. */
export const newWorkspace = `${addresses.signIn}?new=1`;

/**
 * A workspace of its own is wanted for the account that is connected next. The consent leads away to a CRM and back: this tab
 * keeps the wish meanwhile, and whoever comes to connect an account without it has it no more.
 */
export function rememberWish(wished: boolean): void {
  if (wished) sessionStorage.setItem(place, "yes");
  else sessionStorage.removeItem(place);
}

export const wishesNewWorkspace = (): boolean => sessionStorage.getItem(place) !== null;
