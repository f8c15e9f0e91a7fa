import { useQuery } from "@tanstack/react-query";
import type { ConnectionDisconnected } from "../../api/workspace.ts";
import { texts } from "../texts/texts.ts";
import classes from "./connections.module.css";

const { disconnect: words } = texts.connectionsPage;

/** What the vendor said when its account was disconnected a moment ago, here: what is gone there, and what is left to do. */
export function Farewell({ id, crmName }: { id: string; crmName: string }) {
  const { data } = useQuery<ConnectionDisconnected>({ queryKey: ["disconnected", id], enabled: false });
  if (!data) return null;
  const { removed, left, pending } = data;
  return (
    <div className={classes.farewell}>
      {pending && <p>{words.pending(crmName)}</p>}
      {removed.length > 0 && (
        <>
          <p>{words.removed}</p>
          <ul>
            {removed.map((what) => (
              <li key={what}>{what}</li>
            ))}
          </ul>
        </>
      )}
      {left.length > 0 && (
        <>
          <p>{words.left}</p>
          <ul>
            {left.map(({ what, howTo }) => (
              <li key={what}>
                {what}: {howTo}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
