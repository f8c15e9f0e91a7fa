import { VisuallyHidden } from "@mantine/core";
import type { StatusView } from "../../api/schema.ts";
import { Icon, toneIcons } from "../elements/icons.tsx";
import { useNow } from "../elements/now.tsx";
import { texts } from "../texts/texts.ts";
import { Freshness } from "./freshness.tsx";
import classes from "./status-line.module.css";

interface Props {
  status: StatusView;
  problems: number | undefined;
  asOf: string;
  /** Why nothing newer could be read. */
  failure: string | undefined;
}

/** The one true sentence, who must act, and until when nothing is lost. */
export function StatusLine({ status, problems = 0, asOf, failure }: Props) {
  // The sentence is about the flow: what flows can leave something behind that waits for its reader.
  const calm = status.acts === "nobody" && problems > 0;
  return (
    <section className={classes.status} data-tone={status.tone} aria-label={texts.status.label}>
      <span className={classes.icon}>
        <Icon name={toneIcons[status.tone]} size={22} />
      </span>
      <div className={classes.words}>
        <p className={classes.sentence}>{status.sentence}</p>
        <p className={classes.facts}>
          <VisuallyHidden component="span">{texts.status.tones[status.tone]}.</VisuallyHidden>
          <span data-you={status.acts === "you" || undefined}>
            {calm ? texts.problems.open(problems) : texts.status.acts[status.acts]}
          </span>
          {status.deadlineAt && <Deadline at={status.deadlineAt} />}
        </p>
      </div>
      <Freshness asOf={asOf} failure={failure} />
    </section>
  );
}

function Deadline({ at }: { at: string }) {
  const instant = new Date(at);
  const leftMs = instant.getTime() - useNow();
  const when = texts.time.short(instant);
  return (
    <time dateTime={at}>
      {leftMs > 0 ? texts.status.safeBefore(when, texts.time.relative(leftMs)) : texts.status.lostSince(when)}
    </time>
  );
}
