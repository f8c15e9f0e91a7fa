import { Button } from "@mantine/core";
import type { MappingView } from "../../api/mapping.ts";
import { Note } from "../elements/note.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./mapping.module.css";

const { mapping: words } = texts;

interface Props {
  view: MappingView;
  editable: boolean;
  /** The CRM is being asked again. */
  asking: boolean;
  onAgain: () => void;
}

/** What to know before the stages are looked at. */
export function Notes({ view, editable, asking, onAgain }: Props) {
  const { crm, connection, savedBy, live, behind, pipelines, version } = view;
  const again = (
    <Button size="compact-sm" variant="default" aria-disabled={asking || undefined} onClick={() => asking || onAgain()}>
      {words.again}
    </Button>
  );
  return (
    <>
      {!crm.answered && (
        <Note tone="waiting" role="status">
          <p className={classes.lead}>{words.silent.lead(connection.crmName, crm.reason?.title ?? "")}</p>
          <p className={classes.more}>{words.silent.meanwhile}</p>
          {again}
        </Note>
      )}
      {crm.answered && pipelines.length === 0 && <div>{again}</div>}
      {behind.length > 0 && (
        <Note tone="setup">
          <p className={classes.lead}>{words.behind}</p>
          <ul className={classes.changes}>
            {behind.map((change) => (
              <li key={change}>
                <bdi>{change}</bdi>
              </li>
            ))}
          </ul>
        </Note>
      )}
      {editable && savedBy?.by !== "person" && version > 0 && savedBy?.by === "suggestion" && (
        <Note tone="setup">{words.suggested}</Note>
      )}
      <p className={classes.about}>
        {!editable && <span>{words.readOnly}</span>}
        {connection.connector === "http" && <span>{words.inHouse}</span>}
        <span>{live ? words.liveNote : words.notLive}</span>
      </p>
    </>
  );
}
