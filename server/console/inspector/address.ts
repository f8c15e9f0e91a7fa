import { useMemo } from "react";
import { history } from "../route/history.ts";
import { hrefWith, parseSearch, useSearch } from "../route/search.ts";
import { type Inspected, inspectedIn, showOf } from "./inspected.ts";

export function useInspected(): Inspected | undefined {
  const { show } = useSearch();
  return useMemo(() => (show === undefined ? undefined : inspectedIn(show)), [show]);
}

const isOpen = (): boolean => parseSearch(history.location.search).show !== undefined;

/** Where it lies open beside the page that is shown. */
export const hrefOf = (inspected: Inspected): string => hrefWith({ show: showOf(inspected) });

/** From the page it is a step forward; from one thing that lies open to the next it is not, so that Back still closes. */
export function inspect(inspected: Inspected): void {
  const to = hrefOf(inspected);
  if (isOpen()) history.replace(to, history.location.state);
  else history.push(to, { opened: true });
}

/** Closes what lies open, if anything does. */
export function putAway(): void {
  if (!isOpen()) return;
  if ((history.location.state as { opened?: boolean }).opened) history.back();
  // Came here by a link: there is no page of ours to go back to.
  else history.replace(hrefWith({ show: undefined }));
}
