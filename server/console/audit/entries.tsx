import { VisuallyHidden } from "@mantine/core";
import type { AuditView } from "../../api/audit.ts";
import { Icon } from "../elements/icons.tsx";
import { Moment } from "../elements/moment.tsx";
import table from "../elements/table.module.css";
import { texts } from "../texts/texts.ts";
import { About } from "./about.tsx";
import classes from "./audit.module.css";
import { calledIn } from "./called.ts";

const { audit: words } = texts;
type Entry = AuditView["entries"][number];

interface Props {
  entries: readonly Entry[];
  names: Readonly<Record<string, string>>;
}

/** The entries, the latest first. */
export function Entries({ entries, names }: Props) {
  return (
    <table className={`${table.table} ${classes.entries}`}>
      <caption>
        <VisuallyHidden>{words.caption}</VisuallyHidden>
      </caption>
      <thead>
        <tr>
          {(["when", "who", "what", "about"] as const).map((column) => (
            <th key={column} scope="col">
              {words[column]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.id}>
            <td className={classes.when}>
              <Moment at={entry.at} />
              <span className={classes.exact}>{texts.time.full(new Date(entry.at))}</span>
            </td>
            <td className={classes.who}>
              <bdi>{calledIn(entry.who, names)}</bdi>
            </td>
            <td>
              <bdi className={classes.what}>{entry.words ?? entry.what}</bdi>
              {entry.change && <Change change={entry.change} />}
            </td>
            <td className={classes.about}>
              <About entry={entry} names={names} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Change({ change: { what, before, after } }: { change: NonNullable<Entry["change"]> }) {
  return (
    <span className={classes.change}>
      {what && (
        <>
          <bdi>{what}</bdi>:{" "}
        </>
      )}
      <VisuallyHidden>{words.before}</VisuallyHidden> <bdi>{before ?? words.nothing}</bdi>
      <span className={classes.arrow}>
        <Icon name="arrow" size={12} />
      </span>
      <VisuallyHidden>{words.after}</VisuallyHidden> <bdi>{after ?? words.nothing}</bdi>
    </span>
  );
}
