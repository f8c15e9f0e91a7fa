import { Button, Skeleton } from "@mantine/core";
import { useState } from "react";
import type { PreviewView } from "../../api/preview.ts";
import { Absence, Card } from "../elements/card.tsx";
import { Select } from "../elements/form/select.tsx";
import { Later } from "../elements/later.tsx";
import { Note } from "../elements/note.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { titleIn } from "../inspector/rule-title.ts";
import { changeSearch, useSearch } from "../route/search.ts";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import { AnnotatedJson } from "./annotated-json.tsx";
import { type Chosen, usePreview } from "./answers.ts";
import { Checks } from "./checks.tsx";
import classes from "./preview.module.css";
import { TestEvent } from "./test-event.tsx";

const { event: words, records, test } = texts.preview;
export type Entry = PreviewView["entries"][number];

interface Props {
  connection: string;
  chosen: Chosen;
  onTested?: () => void;
}

/** The record's event as it would leave: the checks, the text with its origins, and sending it as a test. */
export function EventOf({ connection, chosen, onTested }: Props) {
  const { data, error, isFetching, refetch } = usePreview(connection, chosen);
  const title = words.title(records.record(chosen.object, chosen.record));
  if (error)
    return (
      <Card title={title}>
        <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />
      </Card>
    );
  if (!data)
    return (
      <Card title={title}>
        <Later label={words.loading}>
          <Skeleton h={420} />
        </Later>
      </Card>
    );
  return (
    <div className="page-grid">
      <Card
        title={title}
        aside={
          <Button
            size="compact-sm"
            variant="default"
            aria-disabled={isFetching || undefined}
            onClick={() => isFetching || void refetch()}
          >
            {words.again}
          </Button>
        }
      >
        <p className={classes.lead}>
          {words.asOf(texts.time.clock(new Date(data.asOf)))} {data.asIfLive && words.asIfLive}
        </p>
        {data.found === "nowhere" && <Absence>{words.nowhere}</Absence>}
        {data.found !== "nowhere" && data.entries.length === 0 && <Absence>{words.noEntries}</Absence>}
        {data.entries.length > 0 && (
          <Entries connection={connection} chosen={chosen} preview={data} {...(onTested && { onTested })} />
        )}
      </Card>
    </div>
  );
}

const idOf = ({ pipelineId, stageId, enteredAt }: Entry): string => `${pipelineId}/${stageId}/${enteredAt}`;

function Entries({ connection, chosen, preview, onTested }: Props & { preview: PreviewView }) {
  const { entry: wanted } = useSearch();
  const { connections } = useOverview();
  const [blamed, blame] = useState<string>();
  const { entries } = preview;
  const entry =
    entries.find((one) => idOf(one) === wanted) ??
    entries.findLast(({ payload, filled }) => payload !== undefined && !filled) ??
    entries.at(-1);
  if (!entry) return null;
  const crm = connections.find(({ id }) => id === connection)?.crmName ?? "";
  return (
    <div className={classes.event}>
      {entries.length > 1 && (
        <Select
          label={words.stage}
          value={idOf(entry)}
          choices={entries.map((one) => ({
            value: idOf(one),
            label: words.entered(
              one.eventName ?? one.stageId,
              texts.time.exact(new Date(one.enteredAt)),
              one.filled ? words.filled : undefined,
            ),
          }))}
          onChoose={(value) => changeSearch({ ...chosen, entry: value })}
        />
      )}
      <Checks preview={preview} entry={entry} />
      {entry.payload !== undefined && (
        <section aria-label={words.payload}>
          <h3 className={classes.title}>{words.payload}</h3>
          <AnnotatedJson text={entry.payload} entry={entry} preview={preview} crm={crm} blamed={blamed} />
        </section>
      )}
      {entry.payload === undefined && preview.person === "not_kept" && <Note tone="waiting">{words.notKept}</Note>}
      {entry.payload === undefined && entry.ifNew && (
        <Note tone="waiting">{words.none(titleIn(entry.rules, entry.ifNew))}</Note>
      )}
      {entry.payload === undefined ? (
        <Absence>{test.nothing}</Absence>
      ) : (
        <TestEvent
          key={idOf(entry)}
          connection={connection}
          chosen={chosen}
          entry={entry}
          onAnswer={({ outcome, field }) => {
            blame(field ?? undefined);
            if (outcome === "accepted") onTested?.();
          }}
        />
      )}
    </div>
  );
}
