import { Moment } from "../elements/moment.tsx";
import { texts } from "../texts/texts.ts";
import type { Problem } from "./answers.ts";
import classes from "./facts.module.css";

const { problems: words } = texts;

/** Who acts, since when, and what somebody has noted about it. */
export function Facts({ problem }: { problem: Problem }) {
  const { acts, since, state, acknowledged, muted } = problem;
  return (
    <p className={classes.facts}>
      {state !== "resolved" && state !== "muted" && (
        <span data-you={acts === "you" || undefined}>{texts.status.acts[acts]}</span>
      )}
      <span>
        {words.since} <Moment at={since} />
      </span>
      {state === "acknowledged" && acknowledged && (
        <span>
          {words.acknowledgedBy} <bdi>{acknowledged.by.name ?? words.somebody}</bdi>
        </span>
      )}
      {muted && (
        <span>
          {words.mutedUntil(texts.time.short(new Date(muted.until)))} {words.by}{" "}
          <bdi>{muted.by.name ?? words.somebody}</bdi>
        </span>
      )}
    </p>
  );
}
