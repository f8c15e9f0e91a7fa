import { useQuery } from "@tanstack/react-query";
import type { ProvidersView } from "../../api/providers.ts";
import { ask } from "../api/call.ts";
import { Absence } from "../elements/card.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import { Provider } from "./provider.tsx";

const { signIn: words } = texts;

/** The CRMs by which people come in. `invited`: to say who they are, and no more. */
export function Providers({ invited = false }: { invited?: boolean }) {
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["providers"],
    queryFn: ({ signal }) => ask<ProvidersView>("/providers", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error) return <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />;
  if (!data) return <Absence>{words.loading}</Absence>;
  return data.providers.map((provider) => <Provider key={provider.id} provider={provider} invited={invited} />);
}
