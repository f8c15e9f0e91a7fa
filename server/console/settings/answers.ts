import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { SettingsAsked, SettingsView } from "../../api/settings.ts";
import { ask, Refused } from "../api/call.ts";
import { useSay } from "../elements/saying.tsx";
import { texts } from "../texts/texts.ts";

const queryKey = ["settings"];

/** Read when the page opens, and not behind the back of whoever is changing them: what was seen is what is saved over. */
export function useSettings() {
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => ask<SettingsView>("/settings", { signal }),
    refetchOnWindowFocus: false,
    staleTime: 30_000,
  });
}

/** Saves one setting; each has a saving of its own, so that "Saved" stands beside what was saved. */
export function useSaving(said: string = texts.settings.saved) {
  const queries = useQueryClient();
  const say = useSay();
  return useMutation<SettingsView, Error, Omit<SettingsAsked, "version">>({
    mutationFn: (change) => {
      // The newest that is known: two settings may be saved one after the other.
      const version = queries.getQueryData<SettingsView>(queryKey)?.version ?? 0;
      return ask<SettingsView>("/settings", { body: { ...change, version } });
    },
    onSuccess: async (saved, change) => {
      queries.setQueryData(queryKey, saved);
      if (change.name !== undefined) {
        await queries.invalidateQueries({ queryKey: ["session"] });
        await queries.invalidateQueries({ queryKey: ["overview"] });
      }
      await queries.invalidateQueries({ queryKey: ["audit"] });
      say(said);
    },
  });
}
export type Saving = ReturnType<typeof useSaving>;

/** Somebody else has saved meanwhile. */
export const isConflict = (error: Error | null): boolean => error instanceof Refused && error.code === "conflict";
