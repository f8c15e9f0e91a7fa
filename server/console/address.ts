import { useMemo, useSyncExternalStore } from "react";
import { hrefOf, type Inspected, inspectedIn } from "./inspected.ts";

export function useInspected(): Inspected | undefined {
  const search = useSyncExternalStore(subscribe, () => location.search);
  return useMemo(() => inspectedIn(search), [search]);
}

/** From the page it is a step forward; from one thing that lies open to the next it is not, so that Back still closes. */
export function inspect(inspected: Inspected): void {
  if (inspectedIn(location.search)) history.replaceState(history.state, "", hrefOf(inspected));
  else history.pushState({ opened: true }, "", hrefOf(inspected));
  dispatchEvent(new Event("inspect"));
}

/** Closes what lies open, if anything does. */
export function putAway(): void {
  if (!inspectedIn(location.search)) return;
  const opened = (history.state as { opened?: boolean } | null)?.opened;
  if (opened) history.back();
  else {
    // Came here by a link: there is no page of ours to go back to.
    history.replaceState(null, "", "/");
    dispatchEvent(new Event("inspect"));
  }
}

function subscribe(changed: () => void): () => void {
  addEventListener("popstate", changed);
  addEventListener("inspect", changed);
  return () => {
    removeEventListener("popstate", changed);
    removeEventListener("inspect", changed);
  };
}
