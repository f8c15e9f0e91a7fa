import { useQuery } from "@tanstack/react-query";
import type { DevelopersView } from "../../api/developers.ts";
import type { IngestKeysView } from "../../api/ingest-keys.ts";
import { ask } from "../api/call.ts";

export const developersKey = ["developers"];
export const keysOf = (connection: string) => ["keys", connection];

export function useDevelopers() {
  return useQuery({
    queryKey: developersKey,
    queryFn: ({ signal }) => ask<DevelopersView>("/developers", { signal }),
    staleTime: 30_000,
  });
}

export const keysPath = (connection: string, rest = ""): string =>
  `/connections/${encodeURIComponent(connection)}/keys${rest}`;

export function useKeysOf(connection: string) {
  return useQuery({
    queryKey: keysOf(connection),
    queryFn: ({ signal }) => ask<IngestKeysView>(keysPath(connection), { signal }),
  });
}
