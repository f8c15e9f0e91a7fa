import { VisuallyHidden } from "@mantine/core";
import { Awaited } from "../elements/awaited.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import { useVersion } from "./answers.ts";
import classes from "./versions.module.css";

const { versions: words, stages, conflict } = texts.mapping;

/** One version with all its stages. `named`: it stands alone, and says which it is. */
export function Version({
  connection,
  version,
  named = false,
}: {
  connection: string;
  version: number;
  named?: boolean;
}) {
  const { data, error, isFetching, refetch } = useVersion(connection, version);
  if (error)
    return <Refusal what={words.versionFailed} error={error} trying={isFetching} onAgain={() => void refetch()} />;
  if (!data) return <Awaited label={words.loading} />;
  return (
    <div className={classes.whole}>
      {named && <p className={classes.number}>{words.version(version)}</p>}
      {data.pipelines.map((pipeline) => (
        <table key={pipeline.id} className={classes.stages}>
          <caption>
            <bdi>{pipeline.label}</bdi> <VisuallyHidden>{words.caption(version)}</VisuallyHidden>
          </caption>
          <thead>
            <tr>
              <th scope="col">{stages.stage}</th>
              <th scope="col">{stages.sendAs}</th>
            </tr>
          </thead>
          <tbody>
            {pipeline.stages.map((stage) => (
              <tr key={stage.id}>
                <th scope="row">
                  <bdi>{stage.label}</bdi>
                </th>
                <td>
                  <bdi>{conflict.chosen(stage.eventName, stage.send, stage.entries === "every")}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}
