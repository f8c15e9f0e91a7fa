import { Skeleton } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import type { MappingSaved, MappingView } from "../../api/mapping.ts";
import { Absence } from "../elements/card.tsx";
import { Later } from "../elements/later.tsx";
import { Moment } from "../elements/moment.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { changeSearch, useSearch } from "../route/search.ts";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import { mappingKey, useMapping } from "./answers.ts";
import { Conflict } from "./conflict.tsx";
import { useEditing } from "./editing.ts";
import { allRows, draftOf, keyOf, rowsOf, switchesOf, untouched } from "./edits.ts";
import { Leaving } from "./leaving.tsx";
import classes from "./mapping.module.css";
import { MetaFunnel } from "./meta-funnel.tsx";
import { Notes } from "./notes.tsx";
import { SaveBar } from "./save-bar.tsx";
import { useSaving } from "./saving.ts";
import { fieldOf } from "./stage-row.tsx";
import { Stages } from "./stages.tsx";
import { Switches } from "./switches.tsx";
import { useUnsaved } from "./unsaved.ts";

const { mapping: words } = texts;

interface Props {
  connection: string;
  /** The mapping was saved, also where it was confirmed as it is. */
  onSaved?: (saved: MappingSaved) => void;
  /** More of the page, between the stages and the bar. */
  children?: ReactNode;
}

/** Which stages of a connection are sent, and as what. Free of the page around it: the set-up path shows it too. */
export function MappingEditor(props: Props) {
  const mapping = useMapping(props.connection);
  const { data, error, isFetching, refetch } = mapping;
  const again = () => void refetch();
  if (data) return <Editor key={props.connection} {...props} view={data} asking={isFetching} onAgain={again} />;
  if (error) return <Refusal what={words.failed} error={error} trying={isFetching} onAgain={again} />;
  return (
    <Later label={words.loading}>
      <div className={classes.columns}>
        <Skeleton h={420} />
        <Skeleton h={300} />
      </div>
    </Later>
  );
}

function Editor(props: Props & { view: MappingView; asking: boolean; onAgain: () => void }) {
  const { connection, view, asking, onAgain, onSaved, children } = props;
  const queries = useQueryClient();
  const editable = useMay("admin");
  const search = useSearch();
  const editing = useEditing(connection, view);
  const saving = useSaving(connection, onSaved);
  const { edits, check } = editing;
  const rows = allRows(view, edits);
  const { fillSkipped, sendValue } = switchesOf(view, edits);
  useUnsaved("mapping", namesOf(view, editing));
  const [first] = saving.wrong;
  useEffect(() => {
    if (first?.pipelineId === undefined || first.stageId === undefined) return;
    const { pipelineId, stageId } = first;
    changeSearch({ pipeline: pipelineId });
    requestAnimationFrame(() => document.getElementById(fieldOf(keyOf(pipelineId, stageId)))?.focus());
  }, [first]);

  const newer = Math.max(check.data?.version ?? 0, saving.conflict ? view.version + 1 : 0);
  const overtaken = newer > view.version && editing.draft !== undefined;
  const shown = view.pipelines.find(({ id }) => id === search.pipeline) ?? view.pipelines[0];
  return (
    <>
      <Notes view={view} editable={editable} asking={asking} onAgain={onAgain} />
      {overtaken && (
        <Conflict
          connection={connection}
          version={newer}
          view={view}
          edits={edits}
          saving={saving.saving}
          refused={saving.conflict}
          onMine={(newest, mine) => saving.save({ from: newest, draft: draftOf(newest, mine) })}
          onTheirs={(newest, keep) => {
            if (!keep) editing.discard();
            saving.forget();
            queries.setQueryData(mappingKey(connection), newest);
          }}
        />
      )}
      {shown ? (
        <div className={classes.columns}>
          <Stages
            view={view}
            edits={edits}
            issues={editing.issues}
            shown={shown}
            editable={editable}
            aside={
              <>
                {words.asOf} <Moment at={view.asOf} />
              </>
            }
            onChange={editing.setStage}
          />
          <div className={classes.beside}>
            <MetaFunnel
              rows={rowsOf(shown, edits)}
              crm={view.connection.crmName}
              pipeline={shown.label}
              fillSkipped={fillSkipped}
            />
            <Switches
              connector={view.connection.connector}
              on={{ fillSkipped, sendValue }}
              editable={editable}
              onChange={editing.setSwitch}
            />
          </div>
        </div>
      ) : (
        <NoPipelines view={view} />
      )}
      {children}
      {editable && rows.length > 0 && <SaveBar view={view} editing={editing} saving={saving} overtaken={overtaken} />}
      <Leaving />
    </>
  );
}

function NoPipelines({ view: { connection, crm } }: { view: MappingView }) {
  if (!crm.answered) return <Absence>{words.silent.empty}</Absence>;
  const { connector, crmName } = connection;
  return <Absence>{connector === "http" ? words.noPipelinesInHouse : words.noPipelines(crmName)}</Absence>;
}

/** What is not saved, as people call it. */
function namesOf(view: MappingView, { edits }: ReturnType<typeof useEditing>): readonly string[] {
  const stages = allRows(view, edits).filter(({ changed }) => changed);
  return [
    ...stages.map(({ stage }) => `“${stage.label.replaceAll("\n", " ")}”`),
    ...(["fillSkipped", "sendValue"] as const)
      .filter((name) => edits[name] !== undefined && edits !== untouched)
      .map((name) => words.switches[name].toLowerCase()),
  ];
}
