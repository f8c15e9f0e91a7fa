import { VisuallyHidden } from "@mantine/core";
import type { PersonFound } from "../../api/people.ts";
import table from "../elements/table.module.css";
import { texts } from "../texts/texts.ts";
import classes from "./privacy.module.css";

const { person: words } = texts.privacy;
const counts = ["records", "entries", "sent", "waiting", "givenUp", "pushes"] as const;

/** What is held of a person, by account, and enough of their records to recognise them. */
export function Found({ found: { connections, records: shown }, records }: { found: PersonFound; records: number }) {
  return (
    <>
      <p className={classes.sum}>{words.found(records)}</p>
      <table className={`${table.table} ${table.cards} ${table.named} ${classes.table}`}>
        <caption>
          <VisuallyHidden>{words.caption}</VisuallyHidden>
        </caption>
        <thead>
          <tr>
            <th scope="col">{words.columns.name}</th>
            {counts.map((what) => (
              <th key={what} scope="col">
                {words.columns[what]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {connections.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <bdi>{one.name}</bdi>
              </th>
              {counts.map((what) => (
                <td key={what} data-label={words.columns[what]}>
                  {texts.number(one[what])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length > 0 && (
        <div>
          <h3 className={classes.subtitle}>{words.records}</h3>
          <ul className={classes.records}>
            {shown.map(({ connection, object, masked }, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: masked, two may look the same
              <li key={place}>
                <bdi>
                  {object} {masked}
                </bdi>{" "}
                <span className={classes.dim}>
                  <bdi>{connections.find(({ id }) => id === connection)?.name}</bdi>
                </span>
              </li>
            ))}
            {records > shown.length && <li className={classes.dim}>{words.more(records - shown.length)}</li>}
          </ul>
        </div>
      )}
    </>
  );
}
