import { Icon } from "../elements/icons.tsx";
import { useNow } from "../elements/now.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./freshness.module.css";

const oldMs = 10_000;

/** The instant the figures are true for; marked once they are older than 10 s or newer ones could not be loaded. */
export function Freshness({ asOf, failure }: { asOf: string; failure: string | undefined }) {
  const instant = new Date(asOf);
  const ageMs = useNow() - instant.getTime();
  const old = ageMs > oldMs;
  const clock = texts.time.clock(instant);
  return (
    <p className={classes.freshness} data-tone="waiting" data-marked={old || failure !== undefined || undefined}>
      {(old || failure) && <Icon name="warning" />}
      <span>
        <time dateTime={asOf}>
          {old ? texts.freshness.old(clock, texts.time.relative(-ageMs)) : texts.freshness.asOf(clock)}
        </time>{" "}
        {failure && texts.freshness.unreachable(failure)}
      </span>
    </p>
  );
}
