import { useQuery } from "@tanstack/react-query";
import type { Overview } from "../../api/schema.ts";
import { call, read } from "../api/call.ts";

const everyMs = 2000;

export interface Reading {
  overview: Overview;
  /** How far the server's clock is ahead of this browser's; 0 where the difference is within a second or two. */
  offsetMs: number;
}

/** Reads the overview every 2 s while the page is visible; what was read stays when a later reading fails. */
export function useReading() {
  return useQuery<Reading>({
    queryKey: ["overview"],
    queryFn: ({ signal }) => readOverview(signal),
    refetchInterval: everyMs,
  });
}

async function readOverview(signal: AbortSignal): Promise<Reading> {
  const answer = await call("/overview", { signal });
  return { overview: await read(answer), offsetMs: offset(answer.headers.get("date")) };
}

/** The Date header counts whole seconds, so small differences say nothing. */
function offset(date: string | null): number {
  const ahead = date ? Date.parse(date) - Date.now() : 0;
  return Math.abs(ahead) > 3000 ? ahead : 0;
}
