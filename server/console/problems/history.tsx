import type { ProblemDetail } from "../../api/problems.ts";
import { Card } from "../elements/card.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./history.module.css";

const { problems: all } = texts;
const { history: words } = all;

type Entry = ProblemDetail["history"][number];

/** What has happened to it, oldest first. */
export function History({ entries }: { entries: readonly Entry[] }) {
  return (
    <Card title={all.detail.history}>
      <ol className={classes.entries}>
        {entries.map((entry) => (
          <li key={`${entry.at} ${entry.what} ${entry.occasion ?? ""}`} className={classes.entry}>
            <time className={classes.at} dateTime={entry.at}>
              {texts.time.short(new Date(entry.at))}
            </time>
            <span>
              {wordsOf(entry)}
              {entry.by && (
                <span className={classes.by}>
                  {" "}
                  {all.by} <bdi>{entry.by.name ?? all.somebody}</bdi>
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function wordsOf({ what, occasion = "opened", people = 0, until, worse, taken, ended }: Entry): string {
  switch (what) {
    case "mailed":
      return words.mailed[occasion](people);
    case "muted":
      return words.muted(texts.time.short(new Date(until ?? 0)));
    case "unmuted":
      return worse ? words.worse : words.unmuted;
    case "sent_again":
      return taken === undefined ? words.sending : words.sentAgain(taken);
    case "resolved":
      return ended === "too_old" ? words.tooLate : words.resolved;
    default:
      return words[what];
  }
}
