import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import type { DeliveriesFilter, DeliveriesView, DeliveryChoices, SavedView } from "../../api/deliveries.ts";
import { ask } from "../api/call.ts";
import type { Inspected } from "../inspector/inspected.ts";
import { queryOf } from "./filter.ts";

/** Deliveries of one page. */
export const together = 50;
const lookEveryMs = 4_000;
/** Where a page takes the server as long as it may. */
const seldomMs = 20_000;

const page = (query: string, before: string, signal: AbortSignal): Promise<DeliveriesView> => {
  const asked = new URLSearchParams(query);
  asked.set("limit", String(together));
  if (before) asked.set("before", before);
  return ask<DeliveriesView>(`/deliveries?${asked}`, { signal });
};

/** The list, page by page. Its first page is not read anew by itself: what is newer is told apart (`useNewest`). */
export function useDeliveries(filter: DeliveriesFilter) {
  const query = queryOf(filter);
  return useInfiniteQuery({
    queryKey: ["deliveries", "list", query],
    queryFn: ({ pageParam, signal }) => page(query, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

/** The same first page as it is now, again and again; what was looked for by its id is not. */
export function useNewest(filter: DeliveriesFilter, first: DeliveriesView | undefined) {
  const query = queryOf(filter);
  return useQuery({
    queryKey: ["deliveries", "newest", query],
    queryFn: ({ signal }) => page(query, "", signal),
    enabled: first !== undefined && filter.q === undefined,
    refetchInterval: first?.searchedTo === undefined ? lookEveryMs : seldomMs,
    gcTime: 0,
  });
}

/** Begins the list anew with this as its first page. */
export function useBeginAnew(filter: DeliveriesFilter): (first: DeliveriesView) => void {
  const queries = useQueryClient();
  const key = ["deliveries", "list", queryOf(filter)];
  return (first) => queries.setQueryData(key, { pages: [first], pageParams: [""] });
}

/** What can be filtered by, and how many wait or were refused. */
export function useChoices() {
  return useQuery({
    queryKey: ["deliveries", "choices"],
    queryFn: ({ signal }) => ask<DeliveryChoices>("/deliveries/choices", { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
}

export function useViews() {
  return useQuery({
    queryKey: ["views"],
    queryFn: ({ signal }) => ask<{ views: SavedView[] }>("/views", { signal }),
    staleTime: 60_000,
  });
}

/** One change of a record, however old: the one that was made then. */
export function useChange({ connection, object, record, at }: Extract<Inspected, { what: "record" }>) {
  const asked = new URLSearchParams({ q: `${object}:${record}`, connection, limit: "100" });
  return useQuery({
    queryKey: ["deliveries", "record", asked.toString(), at],
    queryFn: async ({ signal }) => {
      const { deliveries } = await ask<DeliveriesView>(`/deliveries?${asked}`, { signal });
      return deliveries.find(({ changedAt }) => at === undefined || changedAt === at) ?? null;
    },
    enabled: at !== undefined,
  });
}
