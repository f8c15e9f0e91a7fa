import { Button } from "@mantine/core";
import type { MappingView } from "../../api/mapping.ts";
import { Icon } from "../elements/icons.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import type { Editing } from "./editing.ts";
import { allRows, draftOf, sizeOf } from "./edits.ts";
import { Question } from "./question.tsx";
import classes from "./save-bar.module.css";
import { type Saving, stagesOf } from "./saving.ts";

const { save: words } = texts.mapping;

/** Always in sight: how many stages are sent, what saving would change, and Save. */
export function SaveBar(props: { view: MappingView; editing: Editing; saving: Saving; overtaken: boolean }) {
  const { view, editing, saving, overtaken } = props;
  const { edits, draft } = editing;
  const { sent, all } = sizeOf(allRows(view, edits));
  const unconfirmed = view.savedBy?.by !== "person";
  // Once somebody else was faster, the way on is chosen above.
  const canSave = !overtaken && (draft !== undefined || unconfirmed || view.behind.length > 0);
  const { question, wrong, error, conflict } = saving;
  return (
    <section className={classes.bar} aria-label={words.label}>
      {editing.ignored && (
        <p className={classes.undo} role="status">
          <bdi>{words.ignored(editing.ignored.stage.label)}</bdi>
          <Button size="compact-sm" variant="default" onClick={editing.undo}>
            {words.undo}
          </Button>
        </p>
      )}
      {wrong.length > 0 && (
        <p className={classes.wrong} data-tone="problem" role="alert">
          <Icon name="warning" size={16} />
          {words.errors(stagesOf(wrong))}
        </p>
      )}
      {error && !conflict && <Refusal what={words.failed} error={error} />}
      {question && (
        <Question
          names={question.names}
          onNo={saving.putAway}
          onYes={() => saving.save({ ...question.asked, meant: true })}
        />
      )}
      <div className={classes.line}>
        <div className={classes.words}>
          <p className={classes.sum}>{draft || !view.live ? words.willBeSent(sent, all) : words.areSent(sent, all)}</p>
          {draft && <WillChange editing={editing} />}
          {!draft && saving.saved && <p className={classes.later}>{words.saved(saving.saved.version)}</p>}
        </div>
        <div className={classes.buttons}>
          {draft && (
            <Button
              variant="subtle"
              onClick={() => {
                editing.discard();
                saving.forget();
              }}
            >
              {words.discard}
            </Button>
          )}
          <Button
            aria-disabled={!canSave || saving.saving || undefined}
            data-idle={!canSave || undefined}
            className={classes.save}
            onClick={() => {
              if (canSave && !saving.saving) saving.save({ from: view, draft: draftOf(view, edits) });
            }}
          >
            {saving.saving ? words.saving : !draft && unconfirmed ? words.confirm : words.save}
          </Button>
        </div>
      </div>
    </section>
  );
}

/** What saving would change, in the server's words. */
function WillChange({ editing: { check, checked } }: { editing: Editing }) {
  const { data, error, refetch, isFetching } = check;
  if (error)
    return <Refusal what={words.checkFailed} error={error} trying={isFetching} onAgain={() => void refetch()} />;
  if (!data) return <p className={classes.later}>{words.checking}</p>;
  if (data.changes.length === 0) return <p className={classes.later}>{checked ? words.nothing : words.checking}</p>;
  return (
    <details className={classes.changes} aria-busy={!checked || undefined}>
      <summary>{words.changes(data.changes.length)}</summary>
      <ul>
        {data.changes.map((change) => (
          <li key={change}>
            <bdi>{change}</bdi>
          </li>
        ))}
      </ul>
      <p className={classes.later}>{words.past}</p>
    </details>
  );
}
