import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { DeliveriesView } from "../../api/deliveries.ts";
import type { Figures } from "../../api/figures.ts";
import { ask } from "../api/call.ts";
import { stringifySearch } from "../route/search.ts";
import type { Choice } from "./choice.ts";

/** What was chosen before stays, dimmed, until what is chosen now is there. */
export function useFigures({ range, connection, pipeline }: Choice) {
  const query = stringifySearch({ range, connection, pipeline });
  return useQuery({
    queryKey: ["figures", query],
    queryFn: ({ signal }) => ask<Figures>(`/figures${query}`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
}

/** The latest stage changes; what was there before sending began is no news. */
export function useLatest() {
  return useQuery({
    queryKey: ["deliveries", "latest"],
    queryFn: ({ signal }) => ask<DeliveriesView>("/deliveries?step=read&limit=10", { signal }),
    refetchInterval: 3000,
  });
}
