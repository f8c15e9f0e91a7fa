import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { DatasetFacts } from "../../api/connections.ts";
import type { DatasetDisconnected } from "../../api/workspace.ts";
import { useDeed } from "../api/deed.ts";
import { Confirming, Means } from "../elements/confirming.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";

const { disconnect: words } = texts.connectionsPage;

/**
 * Ends the access to a dataset. Whoever presses has been told how many events are lost by it; where more wait by then, the server
 * does nothing, and they are asked again with the new number.
 */
export function DisconnectDataset({ facts: { id, name }, waiting }: { facts: DatasetFacts; waiting: number }) {
  const queries = useQueryClient();
  const [more, learn] = useState<number>();
  const told = more ?? waiting;
  const disconnect = useDeed(
    async (ask, confirm: number) => {
      const answer = await ask<DatasetDisconnected>(`/datasets/${encodeURIComponent(id)}/disconnect`, { confirm });
      learn(answer.disconnected ? undefined : answer.waiting);
      await queries.invalidateQueries({ queryKey: ["connections"] });
      return answer;
    },
    (answer) => (answer.disconnected ? words.datasetDone(name) : words.datasetMore(answer.waiting)),
  );
  return (
    <Confirming trigger={words.dataset} question={words.datasetAsked(name)} cancel={words.keep}>
      {() => (
        <>
          <Means>{words.datasetStops}</Means>
          {told > 0 && <Means>{words.datasetWaiting(told)}</Means>}
          <Means>{words.datasetStays}</Means>
          {more !== undefined && <Means>{words.datasetMore(more)}</Means>}
          {disconnect.error && <Refusal what={words.datasetFailed} error={disconnect.error} />}
          <DeedButton
            variant="filled"
            busy={words.doing}
            doing={disconnect.isPending}
            onDo={() => disconnect.mutate(told)}
          >
            {told > 0 ? words.datasetConfirm(told) : words.dataset}
          </DeedButton>
        </>
      )}
    </Confirming>
  );
}
