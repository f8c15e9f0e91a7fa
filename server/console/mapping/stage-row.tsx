import { Autocomplete, Switch } from "@mantine/core";
import type { MappingIssueView, StageView } from "../../api/mapping.ts";
import form from "../elements/form/form.module.css";
import { Icon } from "../elements/icons.tsx";
import { Pill } from "../elements/pill.tsx";
import { texts } from "../texts/texts.ts";
import type { Chosen, Row } from "./edits.ts";
import classes from "./stages.module.css";
import switches from "./switches.module.css";

const { stages: words } = texts.mapping;

interface Props {
  row: Row;
  crm: string;
  namesInUse: readonly string[];
  issues: readonly MappingIssueView[];
  editable: boolean;
  onChange: (change: Partial<Chosen>) => void;
}

/** One stage: what the CRM calls it, how often it is entered, and what of it is sent under which name. */
export function StageRow({ row, crm, namesInUse, issues, editable, onChange }: Props) {
  const { key, stage, chosen, changed } = row;
  const wrong = issues.find(({ severity }) => severity === "error");
  const notes = notesOf(stage, crm, issues);
  const told = notes.length > 0 ? `${fieldOf(key)}-notes` : undefined;
  return (
    // A stage and what is to be said of it: one card on a phone.
    <tbody data-state={stage.state} data-off={!chosen.send || undefined} data-changed={changed || undefined}>
      <tr>
        <th scope="row" className={classes.stage}>
          <span className={classes.label}>
            <bdi>{stage.label}</bdi>
            <Marks stage={stage} />
          </span>
        </th>
        <td className={classes.entered}>
          <span className={classes.of}>{words.entered}</span>
          {stage.entered === undefined ? texts.none : texts.number(stage.entered)}
        </td>
        {editable ? (
          <>
            <td className={classes.name}>
              <Autocomplete
                id={fieldOf(key)}
                size="sm"
                aria-label={words.nameOf(stage.label)}
                placeholder={stage.suggestion?.eventName ?? words.unset}
                value={chosen.eventName}
                data={[...new Set([...namesInUse, ...(stage.suggestion ? [stage.suggestion.eventName] : [])])]}
                limit={8}
                error={wrong?.message}
                classNames={{ input: classes.input }}
                onChange={(eventName) => onChange({ eventName })}
              />
            </td>
            <td className={classes.which}>
              <select
                className={form.select}
                aria-label={words.whichOf(stage.label)}
                value={chosen.entries}
                onChange={({ target }) => onChange({ entries: target.value === "every" ? "every" : "first" })}
              >
                <option value="first">{words.first}</option>
                <option value="every">{words.every}</option>
              </select>
            </td>
            <td className={classes.send}>
              <Switch
                aria-label={words.sendOf(stage.label)}
                aria-describedby={told}
                classNames={{ track: switches.track }}
                checked={chosen.send}
                onChange={({ currentTarget }) => onChange({ send: currentTarget.checked })}
              />
            </td>
          </>
        ) : (
          <Told chosen={chosen} />
        )}
      </tr>
      {told && (
        <tr>
          <td className={classes.notes} colSpan={5} id={told}>
            {notes.map((note) => (
              <span className={classes.note} key={note}>
                {note}
              </span>
            ))}
          </td>
        </tr>
      )}
    </tbody>
  );
}

/** Where the name of a stage is typed. */
export const fieldOf = (key: string): string => `name-${key}`;

function Told({ chosen }: { chosen: Chosen }) {
  return (
    <>
      <td className={classes.name}>{chosen.send ? <bdi>{chosen.eventName}</bdi> : texts.none}</td>
      <td className={classes.which}>
        {!chosen.send ? texts.none : chosen.entries === "every" ? words.every : words.first}
      </td>
      <td className={classes.send}>
        <span className={classes.told}>
          <Icon name={chosen.send ? "tick" : "dash"} size={14} />
          {chosen.send ? words.sent : words.notSent}
        </span>
      </td>
    </>
  );
}

function Marks({ stage: { state, active, outcome, doubt } }: { stage: StageView }) {
  return (
    <>
      {state === "new" && <Pill tone="setup">{words.isNew}</Pill>}
      {state === "gone" && <Pill tone="paused">{words.gone}</Pill>}
      {state !== "gone" && !active && <Pill tone="paused">{words.inactive}</Pill>}
      {doubt && <Pill tone="waiting">{words.unsure}</Pill>}
      {outcome !== "open" && <span className={classes.outcome}>{words.outcomes[outcome]}</span>}
    </>
  );
}

function notesOf(stage: StageView, crm: string, issues: readonly MappingIssueView[]): readonly string[] {
  const warnings = issues.filter(({ severity }) => severity === "warning");
  return [
    ...(stage.state === "new" ? [words.newNote(crm)] : []),
    ...(stage.state === "gone" ? [words.goneNote(crm)] : []),
    ...(stage.doubt ? [words.doubts[stage.doubt]] : []),
    ...warnings.map(({ message }) => message),
  ];
}
