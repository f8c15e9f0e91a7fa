import { useQuery } from "@tanstack/react-query";
import type { Overview } from "../api/schema.ts";
import { en as texts } from "./texts/en.ts";

const everyMs = 2000;
const patienceMs = 10_000;

export interface Reading {
  overview: Overview;
  /** How far the server's clock is ahead of this browser's; 0 where the difference is within a second or two. */
  offsetMs: number;
}

/** Reads the overview every 2 s while the page is visible; what was read stays when a later reading fails. */
export function useReading() {
  return useQuery<Reading>({
    queryKey: ["overview"],
    queryFn: ({ signal }) => read(signal),
    refetchInterval: everyMs,
    // A server on this machine answers without a network, and each failure is shown at once: the next reading is the retry.
    networkMode: "always",
    retry: false,
  });
}

async function read(signal: AbortSignal): Promise<Reading> {
  const answer = await fetch("/api/v1/overview", {
    headers: { accept: "application/json" },
    signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
  }).catch((cause: unknown) => {
    throw new Error(texts.failure.noAnswer, { cause });
  });
  if (!answer.ok) throw new Error(texts.failure.status(answer.status));
  const overview = await answer.json().catch((cause: unknown) => {
    throw new Error(texts.failure.form, { cause });
  });
  return { overview, offsetMs: offset(answer.headers.get("date")) };
}

/** The Date header counts whole seconds, so small differences say nothing. */
function offset(date: string | null): number {
  const ahead = date ? Date.parse(date) - Date.now() : 0;
  return Math.abs(ahead) > 3000 ? ahead : 0;
}
