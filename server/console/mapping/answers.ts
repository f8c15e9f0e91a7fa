import { keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { LeadFieldsChecked, LeadFieldsDraft, LeadFieldsView } from "../../api/lead-fields.ts";
import type { MappingChecked, MappingDraft, MappingView, VersionsView, VersionView } from "../../api/mapping.ts";
import { ask } from "../api/call.ts";

/** The CRM is asked meanwhile. */
const patienceMs = 40_000;
/** Each look costs requests to the CRM: nobody looks again unasked. */
const lookedAtOnce = { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false } as const;

export const mappingPath = (connection: string): string => `/connections/${encodeURIComponent(connection)}/mapping`;
export const fieldsPath = (connection: string): string => `/connections/${encodeURIComponent(connection)}/lead-fields`;
export const mappingKey = (connection: string) => ["mapping", connection] as const;

/** The mapping as it was when the page was opened, saved or asked again: never changed under somebody's hands. */
export function useMapping(connection: string) {
  return useQuery({
    queryKey: mappingKey(connection),
    queryFn: ({ signal }) => ask<MappingView>(mappingPath(connection), { signal, patienceMs }),
    ...lookedAtOnce,
    gcTime: 0,
  });
}

/** What somebody else has saved by now; asked when there is a newer version than the one that is worked on. */
export function useNewest(connection: string, version: number | undefined) {
  return useQuery({
    queryKey: ["mapping-newest", connection, version],
    queryFn: ({ signal }) => ask<MappingView>(mappingPath(connection), { signal, patienceMs }),
    enabled: version !== undefined,
    ...lookedAtOnce,
  });
}

/** What is wrong with a draft, and what saving it would change. */
export function useCheck(connection: string, draft: MappingDraft | undefined) {
  return useQuery({
    queryKey: ["mapping-check", connection, draft],
    queryFn: ({ signal }) =>
      ask<MappingChecked>(`${mappingPath(connection)}/check`, { signal, patienceMs, ...(draft && { body: draft }) }),
    enabled: draft !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    gcTime: 60_000,
  });
}

/** Every version, the newest first, page by page. */
export function useVersions(connection: string) {
  return useInfiniteQuery({
    queryKey: ["mapping-versions", connection],
    queryFn: ({ signal, pageParam }) =>
      ask<VersionsView>(`${mappingPath(connection)}/versions?limit=10${pageParam && `&cursor=${pageParam}`}`, {
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
  });
}

export function useVersion(connection: string, version: number) {
  return useQuery({
    queryKey: ["mapping-version", connection, version],
    queryFn: ({ signal }) => ask<VersionView>(`${mappingPath(connection)}/versions/${version}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export const leadFieldsQuery = (connection: string) =>
  queryOptions({
    queryKey: ["lead-fields", connection],
    queryFn: ({ signal }) => ask<LeadFieldsView>(fieldsPath(connection), { signal, patienceMs }),
    ...lookedAtOnce,
    gcTime: 0,
  });
export const useLeadFields = (connection: string) => useQuery(leadFieldsQuery(connection));

/** What another choice of fields would give. */
export function useFieldsCheck(connection: string, draft: LeadFieldsDraft | undefined) {
  return useQuery({
    queryKey: ["lead-fields-check", connection, draft],
    queryFn: ({ signal }) =>
      ask<LeadFieldsChecked>(`${fieldsPath(connection)}/check`, { signal, patienceMs, ...(draft && { body: draft }) }),
    enabled: draft !== undefined,
    ...lookedAtOnce,
  });
}
