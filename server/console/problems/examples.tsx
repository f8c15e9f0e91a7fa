import type { ProblemDetail } from "../../api/problems.ts";
import { Card } from "../elements/card.tsx";
import { Moment } from "../elements/moment.tsx";
import { InspectLink } from "../inspector/inspect-link.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./examples.module.css";

const { detail: words } = texts.problems;

/** Some of its events, each a way into what has happened to it. */
export function Examples({ problem: { examples, affected, words: last } }: { problem: ProblemDetail }) {
  // What Meta said of all of them stands above already.
  const said = examples.some((example) => example.words !== undefined && example.words !== last);
  return (
    <Card title={words.examples} aside={words.examplesLead(examples.length, Math.max(affected, examples.length))}>
      <table className={classes.table}>
        <caption className={classes.caption}>{words.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.record}</th>
            <th scope="col">{words.sentAs}</th>
            <th scope="col">{words.entered}</th>
            {said && <th scope="col">{words.said}</th>}
          </tr>
        </thead>
        <tbody>
          {examples.map(({ datasetId, seq, record, eventName, eventTime, words: theirs }) => (
            <tr key={`${datasetId}/${seq}`}>
              <td>
                <InspectLink to={{ what: "delivery", dataset: datasetId, seq }} row>
                  <bdi>{record.object}</bdi> <bdi>{record.id}</bdi>
                </InspectLink>
              </td>
              <td>
                <bdi>{eventName}</bdi>
              </td>
              <td>
                <Moment at={eventTime} />
              </td>
              {said && (
                <td>
                  <bdi>{theirs ?? texts.none}</bdi>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
