import { Tabs, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import type { MappingIssueView, MappingView, PipelineView } from "../../api/mapping.ts";
import { Absence, Card } from "../elements/card.tsx";
import { changeSearch } from "../route/search.ts";
import { texts } from "../texts/texts.ts";
import { type Chosen, type Edits, type Row, rowsOf, sizeOf } from "./edits.ts";
import { StageRow } from "./stage-row.tsx";
import classes from "./stages.module.css";

const { stages: words } = texts.mapping;

interface Props {
  view: MappingView;
  edits: Edits;
  issues: readonly MappingIssueView[];
  /** The pipeline whose stages are shown. */
  shown: PipelineView;
  editable: boolean;
  aside?: ReactNode;
  onChange: (row: Row, change: Partial<Chosen>) => void;
}

/** The stages of every pipeline, a tab each, in the CRM's order. */
export function Stages({ view, edits, shown, aside, ...rest }: Props) {
  const { pipelines } = view;
  const table = (
    <Table
      {...rest}
      pipeline={shown}
      crm={view.connection.crmName}
      namesInUse={view.namesInUse}
      rows={rowsOf(shown, edits)}
    />
  );
  return (
    <Card title={words.title} aside={aside}>
      <p className={classes.guidance}>{words.guidance}</p>
      {pipelines.length === 1 ? (
        <>
          <h3 className={classes.pipeline}>
            <bdi>{shown.label}</bdi>
          </h3>
          {table}
        </>
      ) : (
        // By number: a CRM's own ids may hold anything, and these become ids of the page.
        <Tabs
          value={`${pipelines.indexOf(shown)}`}
          onChange={(n) => changeSearch({ pipeline: pipelines[Number(n)]?.id })}
          keepMounted={false}
        >
          <Tabs.List aria-label={words.tabs} className={classes.tabs}>
            {pipelines.map((pipeline, n) => (
              <Tabs.Tab key={pipeline.id} value={`${n}`}>
                <Tab pipeline={pipeline} rows={rowsOf(pipeline, edits)} />
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={`${pipelines.indexOf(shown)}`}>{table}</Tabs.Panel>
        </Tabs>
      )}
    </Card>
  );
}

function Tab({ pipeline, rows }: { pipeline: PipelineView; rows: readonly Row[] }) {
  const { sent, all } = sizeOf(rows);
  return (
    <span className={classes.tab}>
      <bdi>{pipeline.label}</bdi>
      <span className={classes.count} aria-hidden="true">
        {words.ofPipeline(sent, all)}
      </span>
      <VisuallyHidden>{words.ofPipelineSpoken(sent, all)}</VisuallyHidden>
      {rows.some(({ changed }) => changed) && <span className={classes.changed}>{words.changed}</span>}
    </span>
  );
}

function Table(
  props: Pick<Props, "issues" | "editable" | "onChange"> & {
    pipeline: PipelineView;
    rows: readonly Row[];
    crm: string;
    namesInUse: readonly string[];
  },
) {
  const { pipeline, rows, crm, namesInUse, issues, editable, onChange } = props;
  if (rows.length === 0) return <Absence>{words.none}</Absence>;
  return (
    <table className={classes.stages}>
      <caption>
        <VisuallyHidden>{words.caption(pipeline.label)}</VisuallyHidden>
      </caption>
      <thead>
        <tr>
          <th scope="col">{words.stage}</th>
          <th scope="col" className={classes.entered}>
            {words.entered}
          </th>
          <th scope="col">{words.sendAs}</th>
          <th scope="col">{words.which}</th>
          <th scope="col">{words.send}</th>
        </tr>
      </thead>
      {rows.map((row) => (
        <StageRow
          key={row.key}
          row={row}
          crm={crm}
          namesInUse={namesInUse}
          issues={issues.filter(({ pipelineId, stageId }) => pipelineId === pipeline.id && stageId === row.stage.id)}
          editable={editable}
          onChange={(change) => onChange(row, change)}
        />
      ))}
    </table>
  );
}
