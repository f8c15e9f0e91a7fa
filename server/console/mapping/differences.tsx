import { VisuallyHidden } from "@mantine/core";
import { texts } from "../texts/texts.ts";
import classes from "./conflict.module.css";

export interface Difference {
  readonly key: string;
  readonly label: string;
  readonly theirs: string;
  readonly mine: string;
}
interface Props {
  caption: string;
  /** What the rows are about: stages, fields. */
  of: string;
  /** Whose the other column is. */
  theirs: string;
  rows: readonly Difference[];
}

/** Theirs and ours side by side, where they differ. */
export function Differences({ caption, of, theirs, rows }: Props) {
  return (
    <div className={classes.scroll}>
      <table className={classes.rows}>
        <caption>
          <VisuallyHidden>{caption}</VisuallyHidden>
        </caption>
        <thead>
          <tr>
            <th scope="col">{of}</th>
            <th scope="col">
              <bdi>{theirs}</bdi>
            </th>
            <th scope="col">{texts.mapping.conflict.mine}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">
                <bdi>{row.label}</bdi>
              </th>
              <td>
                <bdi>{row.theirs}</bdi>
              </td>
              <td>
                <bdi>{row.mine}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
