import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReconciliationView } from "../../api/operations.ts";
import type { DeliveryDetail, ExplanationView, RedrivePreview } from "../../api/record.ts";
import { ask, longPatienceMs } from "./call.ts";

/** One event; looked at again and again while it waits. */
export function useDelivery(dataset: string, seq: number) {
  return useQuery({
    queryKey: ["delivery", dataset, seq],
    queryFn: ({ signal }) => ask<DeliveryDetail>(`/deliveries/${encodeURIComponent(dataset)}/${seq}`, { signal }),
    // Sent again it has another number, and the page that lies open is the same.
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.state === "waiting" ? 2000 : false),
  });
}

export const redrivePath = (dataset: string, seq: number): string =>
  `/deliveries/${encodeURIComponent(dataset)}/${seq}/redrive`;

/** What sending the event again would send, of the CRM's data as they are at this moment. */
export function useRedrivePreview(dataset: string, seq: number) {
  return useQuery({
    queryKey: ["redrive", dataset, seq],
    queryFn: ({ signal }) => ask<RedrivePreview>(redrivePath(dataset, seq), { signal, patienceMs: longPatienceMs }),
    ...lookedAtOnce,
  });
}

/** What becomes of a record, as the CRM tells of it at this moment. */
export function useExplanation(connection: string, object: string, record: string) {
  const query = new URLSearchParams({ object, record });
  return useQuery({
    queryKey: ["explanation", connection, object, record],
    queryFn: ({ signal }) =>
      ask<ExplanationView>(`/connections/${encodeURIComponent(connection)}/explain?${query}`, {
        signal,
        patienceMs: longPatienceMs,
      }),
    ...lookedAtOnce,
  });
}

/** The days of a connection; they change when it is compared with the CRM. */
export function useReconciliation(connection: string) {
  return useQuery({
    queryKey: ["reconciliation", connection],
    queryFn: ({ signal }) =>
      ask<ReconciliationView>(`/connections/${encodeURIComponent(connection)}/reconciliation`, { signal }),
    refetchInterval: 60_000,
    staleTime: 30_000,
  });
}

/** Each look costs the customer requests to the CRM: nobody looks again unasked while it is shown, or of old when it is opened. */
const lookedAtOnce = { staleTime: Number.POSITIVE_INFINITY, gcTime: 0 } as const;
