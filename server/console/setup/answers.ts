import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import type { GoLiveView } from "../../api/go-live.ts";
import type { SetupCheck, SetupMarking, SetupStepName, SetupView } from "../../api/setup.ts";
import { ask, longPatienceMs } from "../api/call.ts";
import { type Ask, useDeed } from "../api/deed.ts";
import { texts } from "../texts/texts.ts";

const hourMs = 3_600_000;
const about = (connection: string | undefined): string =>
  connection === undefined ? "" : `?connection=${encodeURIComponent(connection)}`;

/** The steps from nothing to live, of this account or of the one that is set up. All of them done they are asked less often. */
export function useSetup(connection?: string) {
  return useQuery({
    queryKey: ["setup", connection],
    queryFn: ({ signal }) => ask<SetupView>(`/setup${about(connection)}`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => (data && !isUnderWay(data) ? 30_000 : 2_000),
  });
}

/** Somebody is at it, or waits for the first event after going live. */
function isUnderWay({ current, live }: SetupView): boolean {
  if (current) return true;
  return live?.since !== undefined && !live.firstAcceptedAt && Date.now() - Date.parse(live.since) < hourMs;
}

/** Whether what is connected works, as the vendors say it; asked when a step is opened, and when somebody wants to know. */
export function useSetupCheck(connection: string | undefined, wanted: boolean) {
  return useQuery({
    queryKey: ["setup-check", connection],
    queryFn: ({ signal }) =>
      ask<SetupCheck>(`/setup/check${about(connection)}`, { signal, patienceMs: longPatienceMs }),
    enabled: wanted,
    staleTime: 60_000,
  });
}

/** What going live would mean, counted at this moment. */
export function useGoLive(connection: string) {
  return useQuery({
    queryKey: ["go-live", connection],
    queryFn: ({ signal }) => ask<GoLiveView>(`/connections/${connection}/go-live`, { signal, patienceMs: 30_000 }),
    // While the account is being read the count grows.
    refetchInterval: ({ state: { data } }) => (data?.events.partial ? 5_000 : 15_000),
  });
}

/** Ticks a step off, leaves it out, or opens it again; `follow` comes after it is shown. */
export function useMark(connection: string, follow?: () => void) {
  const queries = useQueryClient();
  return useDeed<SetupMarking, unknown>(
    async (post: Ask, marking) => {
      await post(`/connections/${connection}/setup-marks`, marking);
      await queries.invalidateQueries({ queryKey: ["setup"] });
    },
    () => texts.setup.saved,
    follow,
  );
}

/** All that tells how far somebody is, after a step was taken. */
export function useStepTaken(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    const shown = ["setup", "setup-check", "go-live", "overview", "connections"];
    await Promise.all(shown.map((name) => queries.invalidateQueries({ queryKey: [name] })));
  };
}

export const isStep = (name: string | undefined): name is SetupStepName =>
  name !== undefined && Object.hasOwn(texts.setup.steps, name);
