import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ProblemDetail, ProblemsView } from "../../api/problems.ts";
import { ask, Refused } from "../api/call.ts";

export type Problem = ProblemsView["problems"][number];

/** Instants within the server's sentences are told in the reader's zone. */
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/**
 * The open problems. The overview tells their number; they are read while there are any, and at once when it changes. Without a
 * number they are read all the time.
 */
export function useProblems(count: number | undefined) {
  return useQuery({
    queryKey: ["problems", "open", count],
    queryFn: ({ signal }) => ask<ProblemsView>(`/problems?${new URLSearchParams({ state: "open", zone })}`, { signal }),
    enabled: count !== 0,
    placeholderData: keepPreviousData,
    refetchInterval: 5000,
  });
}

/** Those that somebody wants to hear nothing of; `count`: of the open ones, which changes when one is muted. */
export function useMutedProblems(count: number | undefined) {
  return useQuery({
    queryKey: ["problems", "muted", count],
    queryFn: ({ signal }) =>
      ask<ProblemsView>(`/problems?${new URLSearchParams({ state: "muted", zone })}`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
}

/** Those that are solved, the latest first, page by page. */
export function useResolvedProblems(count: number | undefined) {
  return useInfiniteQuery({
    queryKey: ["problems", "resolved", count],
    queryFn: ({ signal, pageParam }) => {
      const asked = new URLSearchParams({ state: "resolved", zone, ...(pageParam !== "" && { before: pageParam }) });
      return ask<ProblemsView>(`/problems?${asked}`, { signal });
    },
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** One problem, whole. */
export function useProblem(id: string) {
  return useQuery({
    queryKey: ["problems", "one", id],
    queryFn: ({ signal }) =>
      ask<ProblemDetail>(`/problems/${encodeURIComponent(id)}?${new URLSearchParams({ zone })}`, { signal }),
    // One that is not there does not come by asking again.
    refetchInterval: ({ state }) => (isGone(state.error) ? false : state.data?.state === "resolved" ? 60_000 : 5000),
  });
}

export const isGone = (error: Error | null): boolean => error instanceof Refused && error.code === "not_found";
