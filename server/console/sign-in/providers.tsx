import { useQuery } from "@tanstack/react-query";
import type { ProvidersView } from "../../api/providers.ts";
import { ask } from "../api/call.ts";
import { Awaited } from "../elements/awaited.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import { Provider } from "./provider.tsx";
import type { ReturnTo } from "./start-address.ts";

const { signIn: words } = texts;

/** The CRMs by which people come in. `returnTo`: the page they were on, by its name (server/install/return-to.ts). */
export function Providers({ returnTo }: { returnTo?: ReturnTo }) {
  const { data, error, isFetching, refetch } = useProviders();
  if (error) return <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />;
  if (!data) return <Awaited label={words.loading} lines={5} />;
  return data.providers.map((provider) => <Provider key={provider.id} provider={provider} returnTo={returnTo} />);
}

/** What can be connected here does not change while the page lies open. */
export const useProviders = () =>
  useQuery({
    queryKey: ["providers"],
    queryFn: ({ signal }) => ask<ProvidersView>("/providers", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
