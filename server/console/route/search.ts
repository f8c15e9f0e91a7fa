import { useRouterState } from "@tanstack/react-router";
import { history } from "./history.ts";

/** The query of an address: filters, tabs, ranges and what lies open. Every value is text, as it stands there. */
export type Search = Readonly<Record<string, string>>;

export const parseSearch = (search: string): Search => Object.fromEntries(new URLSearchParams(search));

export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const told = Object.entries(search).flatMap(([name, value]) =>
    value === undefined || value === null || value === "" ? [] : [[name, String(value)]],
  );
  return told.length === 0 ? "" : `?${new URLSearchParams(told)}`;
}

export function useSearch(): Search {
  return useRouterState({ select: ({ location }) => location.search as Search });
}

/** The address that is shown with some of its query changed; undefined or empty takes a part out. */
export function hrefWith(change: Readonly<Record<string, string | undefined>>): string {
  const { pathname, search } = history.location;
  return `${pathname}${stringifySearch({ ...parseSearch(search), ...change })}`;
}

/** Changes the query in its place; `step`: so that Back undoes it. */
export function changeSearch(change: Readonly<Record<string, string | undefined>>, step = false): void {
  const to = hrefWith(change);
  if (step) history.push(to);
  else history.replace(to);
}
