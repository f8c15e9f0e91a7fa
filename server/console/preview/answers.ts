import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { PreviewView } from "../../api/preview.ts";
import type { Samples } from "../../api/samples.ts";
import { ask, longPatienceMs } from "../api/call.ts";

/** A record as an address names it. */
export interface Chosen {
  readonly object: string;
  readonly record: string;
}

/** Records whose stage changed last, or the one with this id. */
export function useSamples(connection: string, q: string) {
  return useQuery({
    queryKey: ["samples", connection, q],
    queryFn: ({ signal }) =>
      ask<Samples>(`/connections/${connection}/samples${q && `?${new URLSearchParams({ q })}`}`, { signal }),
    placeholderData: keepPreviousData,
    // Right after connecting there is nothing, and then suddenly much.
    refetchInterval: ({ state: { data } }) => (data?.records.length === 0 ? 3_000 : false),
    staleTime: 10_000,
  });
}

/** The record's events as they would leave. Each look costs the customer requests to the CRM: nobody looks again unasked. */
export function usePreview(connection: string, { object, record }: Chosen) {
  const query = new URLSearchParams({ object, record });
  return useQuery({
    queryKey: ["preview", connection, object, record],
    queryFn: ({ signal }) =>
      ask<PreviewView>(`/connections/${connection}/preview?${query}`, { signal, patienceMs: longPatienceMs }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}
