import { useQuery } from "@tanstack/react-query";
import type { ConnectionsView } from "../../api/connections.ts";
import { ask } from "../api/call.ts";

/** Who connected what, and what was granted; how each account and dataset fares is in the overview. */
export function useConnections() {
  return useQuery({
    queryKey: ["connections"],
    queryFn: ({ signal }) => ask<ConnectionsView>("/connections", { signal }),
    refetchInterval: 30_000,
  });
}
