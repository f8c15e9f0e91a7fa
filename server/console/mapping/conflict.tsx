import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { MappingView } from "../../api/mapping.ts";
import { Awaited } from "../elements/awaited.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Moment } from "../elements/moment.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { useSay } from "../elements/saying.tsx";
import { texts } from "../texts/texts.ts";
import { useNewest } from "./answers.ts";
import classes from "./conflict.module.css";
import { type Difference, Differences } from "./differences.tsx";
import {
  allRows,
  type Chosen,
  type Edits,
  type Row,
  same,
  savedOf,
  switchesOf,
  untouched,
  wholeOver,
} from "./edits.ts";
import { saverOf } from "./saver.ts";

const { conflict: words, switches } = texts.mapping;

interface Props {
  connection: string;
  /** At least this one is newer than ours. */
  version: number;
  view: MappingView;
  edits: Edits;
  saving: boolean;
  /** Somebody has just pressed Save, and is told here why it came to nothing. */
  refused: boolean;
  /** Ours, whole, over theirs. */
  onMine: (newest: MappingView, edits: Edits) => void;
  /** Theirs is worked on from now on; ours is let go of, or put on top of it. */
  onTheirs: (newest: MappingView, keep: boolean) => void;
}

/** Somebody else was faster: both versions side by side where they differ, and three ways to go on. */
export function Conflict({ connection, version, view, edits, saving, refused, onMine, onTheirs }: Props) {
  const { data, error, isFetching, refetch } = useNewest(connection, version);
  const heading = useRef<HTMLHeadingElement>(null);
  const say = useSay();
  // Whoever is typing is told, and goes on typing.
  useEffect(() => {
    if (refused) heading.current?.focus();
    else say(words.title);
  }, [refused, say]);
  return (
    <section className={classes.conflict} data-tone="waiting">
      <h2 className={classes.title} tabIndex={-1} ref={heading}>
        {words.title}
      </h2>
      {error && (
        <Refusal what={texts.mapping.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />
      )}
      {!data && !error && <Awaited label={words.loading} />}
      {data && (
        <>
          <p className={classes.lead}>
            <bdi>{words.lead(saverOf(data.savedBy), data.version)}</bdi>{" "}
            {data.savedAt && (
              <span className={classes.when}>
                <Moment at={data.savedAt} />
              </span>
            )}
          </p>
          <p className={classes.lead}>{words.safe}</p>
          <Compared view={view} edits={edits} newest={data} />
          <div className={classes.buttons}>
            <Button size="compact-sm" onClick={() => onTheirs(data, true)}>
              {words.goOn}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => onTheirs(data, false)}>
              {words.takeTheirs}
            </Button>
            <DeedButton
              busy={words.takeMineBusy}
              doing={saving}
              onDo={() => onMine(data, wholeOver(view, edits, data))}
            >
              {words.takeMine}
            </DeedButton>
          </div>
        </>
      )}
    </section>
  );
}

function Compared({ view, edits, newest }: { view: MappingView; edits: Edits; newest: MappingView }) {
  const rows = differencesOf(view, edits, newest);
  if (rows.length === 0) return <p className={classes.lead}>{words.same}</p>;
  return (
    <Differences caption={words.caption} of={words.stage} theirs={words.theirs(saverOf(newest.savedBy))} rows={rows} />
  );
}

function differencesOf(view: MappingView, edits: Edits, newest: MappingView): readonly Difference[] {
  const theirs = new Map(allRows(newest, untouched).map((row) => [row.key, row]));
  const told = (row: Row | undefined, chosen: Chosen): string =>
    row?.stage.state === "new" && !row.changed
      ? words.unknown
      : words.chosen(chosen.eventName, chosen.send, chosen.entries === "every");
  const stages = allRows(view, edits).flatMap((row): readonly Difference[] => {
    const other = theirs.get(row.key);
    const saved = other ? savedOf(other.stage) : undefined;
    if (saved && same(saved, row.chosen)) return [];
    const { label } = row.stage;
    return [{ key: row.key, label, theirs: saved ? told(other, saved) : words.unknown, mine: told(row, row.chosen) }];
  });
  const [ours, over] = [switchesOf(view, edits), switchesOf(newest, untouched)];
  const flags = (["fillSkipped", "sendValue"] as const)
    .filter((name) => ours[name] !== over[name])
    .map((name) => ({
      key: name,
      label: switches[name],
      theirs: over[name] ? words.on : words.off,
      mine: ours[name] ? words.on : words.off,
    }));
  return [...stages, ...flags];
}
