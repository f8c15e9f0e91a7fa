import { useInfiniteQuery } from "@tanstack/react-query";
import type { AuditView } from "../../api/audit.ts";
import { ask } from "../api/call.ts";
import type { Search } from "../route/search.ts";

/** Entries of one page. */
const together = 50;

/** What is looked for, as it stands in the address: a person (`who`), and what it is about (`what`). */
export function filtersOf({ who = "", what = "" }: Search): URLSearchParams {
  return new URLSearchParams({ ...(who && { who }), ...(what && { what }) });
}

/** The log, page by page, the latest first. */
export function useAudit(filters: URLSearchParams) {
  return useInfiniteQuery({
    queryKey: ["audit", filters.toString()],
    queryFn: ({ pageParam, signal }) => {
      const page = new URLSearchParams(filters);
      page.set("limit", String(together));
      if (pageParam) page.set("before", pageParam);
      return ask<AuditView>(`/audit?${page}`, { signal });
    },
    initialPageParam: "",
    getNextPageParam: ({ entries }) => (entries.length < together ? undefined : entries.at(-1)?.id),
    staleTime: 10_000,
  });
}
