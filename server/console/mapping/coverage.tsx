import { VisuallyHidden } from "@mantine/core";
import type { CoverageView, KeyName } from "../../api/lead-fields.ts";
import { Bar } from "../elements/bar.tsx";
import { Absence } from "../elements/card.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./coverage.module.css";

const { coverage: words } = texts.mapping;

interface Line {
  readonly key: string;
  readonly label: string;
  readonly have: number;
  readonly of: number;
  /** What it was before the choice that is tried. */
  readonly before?: number | undefined;
  readonly notes?: readonly string[];
}

interface Props {
  coverage: CoverageView;
  before: CoverageView | undefined;
}

/** Told only where there are any. */
const seldom: ReadonlySet<KeyName> = new Set(["db", "ge"]);

/** Of how many leads of a sample Meta would get each key. `before`: what holds, where `coverage` is of another choice. */
export function Coverage({ coverage, before }: Props) {
  if (coverage.records === 0) return <Absence>{words.noRecords}</Absence>;
  const { people, records } = coverage;
  const lines: readonly Line[] = [
    { key: "person", label: words.person, have: people, of: records, before: before?.people },
    { key: "matchable", label: words.matchable, have: coverage.matchable, of: people, before: before?.matchable },
    ...coverage.keys
      .filter(({ key, have, unusable }) => !seldom.has(key) || have + unusable > 0)
      .map(({ key, have, unusable, allowed }) => ({
        key,
        label: words.keys[key],
        have,
        of: people,
        before: before?.keys.find((one) => one.key === key)?.have,
        notes: [...(unusable > 0 ? [words.unusable(unusable)] : []), ...(allowed ? [] : [words.notAllowed])],
      })),
    ...(coverage.consent
      ? [{ key: "consent", label: words.consent, have: coverage.consent.yes, of: people, before: before?.consent?.yes }]
      : []),
  ];
  return <Lines caption={words.caption} of={words.key} have={words.have} lines={lines} records={records} />;
}

/** Of how many records of a sample Meta would get the value. */
export function WorthCoverage({ coverage, before }: Props) {
  if (coverage.records === 0) return <Absence>{words.noRecords}</Absence>;
  if (coverage.worth.length === 0) return <Absence>{words.noWorth}</Absence>;
  const lines = coverage.worth.map(({ object, of, have, noCurrency, unusable }) => ({
    key: object,
    label: words.worthOf(object),
    have,
    of,
    before: before?.worth.find((one) => one.object === object)?.have,
    notes: [
      ...(noCurrency > 0 ? [words.withoutCurrency(noCurrency)] : []),
      ...(unusable > 0 ? [words.notANumber(unusable)] : []),
    ],
  }));
  return (
    <Lines
      caption={words.worthCaption}
      of={words.records}
      have={words.haveWorth}
      lines={lines}
      records={coverage.records}
    />
  );
}

interface LinesProps {
  caption: string;
  of: string;
  have: string;
  lines: readonly Line[];
  /** Looked at. */
  records: number;
}

function Lines({ caption, of, have, lines, records }: LinesProps) {
  return (
    <>
      <table className={classes.coverage}>
        <caption>
          <VisuallyHidden>{caption}</VisuallyHidden>
        </caption>
        <thead>
          <tr>
            <th scope="col">{of}</th>
            <th scope="col">{have}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <CoverageLine key={line.key} line={line} />
          ))}
        </tbody>
      </table>
      <p className={classes.of}>{words.of(records)}</p>
    </>
  );
}

function CoverageLine({ line: { label, have, of, before, notes = [] } }: { line: Line }) {
  const changed = before !== undefined && before !== have;
  return (
    <tr data-changed={changed || undefined}>
      <th scope="row">
        <span className={classes.label}>{label}</span>
        <Bar to={of === 0 ? 0 : have / of} look="good" />
      </th>
      <td>
        {words.share(have, of, texts.share(have, of))}
        {changed && <span className={classes.note}>{words.before(texts.share(before, of))}</span>}
        {notes.map((note) => (
          <span className={classes.note} key={note}>
            {note}
          </span>
        ))}
      </td>
    </tr>
  );
}
