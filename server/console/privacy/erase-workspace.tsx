import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { WorkspaceEnding, WorkspaceView } from "../../api/workspace.ts";
import { ask } from "../api/call.ts";
import { Awaited } from "../elements/awaited.tsx";
import { Card } from "../elements/card.tsx";
import { KeptFocus } from "../elements/kept-focus.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import { Ending } from "./ending.tsx";
import { EraseForm } from "./erase-form.tsx";
import classes from "./privacy.module.css";

const { workspace: words } = texts.privacy;
const kinds = ["connections", "datasets", "members", "changes", "waiting"] as const;

/** The end of the workspace: what is in it, when it ends, and its being kept after all. */
export function EraseWorkspace() {
  const owner = useMay("owner");
  // The receipt's address is told once.
  const [noted, note] = useState<WorkspaceEnding>();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["workspace"],
    queryFn: ({ signal }) => ask<WorkspaceView>("/workspace", { signal }),
  });
  return (
    <Card title={words.title}>
      <KeptFocus className={classes.parts}>
        <p className={classes.lead}>{words.lead}</p>
        {error && <Refusal what={words.loadFailed} error={error} trying={isFetching} onAgain={() => void refetch()} />}
        {!data && !error && <Awaited label={words.loading} lines={5} />}
        {data && (
          <div>
            <h3 className={classes.subtitle}>{words.holds}</h3>
            <ul className={classes.holds}>
              {kinds.map((kind) => (
                <li key={kind}>{words[kind](data.holds[kind])}</li>
              ))}
            </ul>
          </div>
        )}
        {data?.endsAt && (
          <Ending endsAt={data.endsAt} receipt={noted?.receipt} owner={owner} onKept={() => note(undefined)} />
        )}
        {data && !data.endsAt && owner && <EraseForm name={data.name} onNoted={note} />}
        {!owner && <p className={classes.lead}>{words.onlyOwners}</p>}
      </KeptFocus>
    </Card>
  );
}
