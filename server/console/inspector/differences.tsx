import { VisuallyHidden } from "@mantine/core";
import type { RedrivePreview } from "../../api/record.ts";
import table from "../elements/table.module.css";
import { texts } from "../texts/texts.ts";
import classes from "./differences.module.css";

/** What the event was and what it would be, field by field. */
export function Differences({ differences }: Pick<RedrivePreview, "differences">) {
  const texted = texts.sendAgain;
  return (
    <table className={`${table.table} ${table.cards} ${classes.differences}`}>
      <caption>
        {texted.differs}
        <VisuallyHidden> {texted.caption}</VisuallyHidden>
      </caption>
      <thead>
        <tr>
          <th scope="col">{texted.field}</th>
          <th scope="col">{texted.before}</th>
          <th scope="col">{texted.after}</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ field, before, after }) => (
          <tr key={field}>
            <th scope="row">
              <bdi>{field}</bdi>
            </th>
            <td data-label={texted.before}>
              <Value>{before}</Value>
            </td>
            <td data-label={texted.after} data-new>
              <Value>{after}</Value>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ children }: { children: string | undefined }) {
  if (children === undefined) return <span className={classes.absent}>{texts.sendAgain.absent}</span>;
  return <bdi className={classes.value}>{children}</bdi>;
}
