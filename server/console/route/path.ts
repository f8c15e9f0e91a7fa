import { useSyncExternalStore } from "react";

/**
 * The console's few addresses, by the browser's own history: a dozen pages with one parameter between them need no library.
 * Whoever puts one in its place changes this folder and `app.tsx`.
 */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

let moved = false;

/** Whether the page that is shown was reached by a step inside the console: then its heading takes the focus. */
export const hasMoved = (): boolean => moved;

/** To another page of the console. */
export function go(to: string): void {
  history.pushState(null, "", to);
  scrollTo(0, 0);
  dispatchEvent(new PopStateEvent("popstate"));
}

/** The part of the address after `#name=`, which no server gets to see. */
export function secretIn(hash: string, name: string): string | undefined {
  const value = new URLSearchParams(hash.replace(/^#/, "")).get(name);
  return value === null || value === "" ? undefined : value;
}

function subscribe(changed: () => void): () => void {
  const heard = () => {
    moved = true;
    changed();
  };
  addEventListener("popstate", heard);
  return () => removeEventListener("popstate", heard);
}
