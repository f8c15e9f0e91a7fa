import { useQueryClient } from "@tanstack/react-query";
import type { ConnectionFacts } from "../../api/connections.ts";
import type { ConnectionDisconnected } from "../../api/workspace.ts";
import { useDeed } from "../api/deed.ts";
import { Confirming, Means } from "../elements/confirming.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";

const { disconnect: words } = texts.connectionsPage;

/** Ends the access to an account, and says what that ends and what stays. */
export function DisconnectAccount({ facts: { id, name, crmName } }: { facts: ConnectionFacts }) {
  const queries = useQueryClient();
  const disconnect = useDeed(
    async (ask) => {
      const answer = await ask<ConnectionDisconnected>(`/connections/${encodeURIComponent(id)}/disconnect`);
      queries.setQueryData(["disconnected", id], answer);
      await queries.invalidateQueries({ queryKey: ["connections"] });
      return answer;
    },
    () => words.accountDone(name),
  );
  return (
    <Confirming trigger={words.account} question={words.accountAsked(name)} cancel={words.keep}>
      {() => (
        <>
          <Means>{words.accountStops(crmName)}</Means>
          <Means>{words.accountStays}</Means>
          {disconnect.error && <Refusal what={words.accountFailed} error={disconnect.error} />}
          <DeedButton
            variant="filled"
            busy={words.doing}
            doing={disconnect.isPending}
            onDo={() => disconnect.mutate(undefined)}
          >
            {words.account}
          </DeedButton>
        </>
      )}
    </Confirming>
  );
}
