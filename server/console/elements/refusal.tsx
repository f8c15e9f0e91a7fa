import { Button } from "@mantine/core";
import { Refused } from "../api/call.ts";
import { texts } from "../texts/texts.ts";
import { toDo } from "./fix.ts";
import classes from "./refusal.module.css";

interface Props {
  /** What has failed. */
  what: string;
  error: Error;
  /** Whether it is being tried again at this moment. */
  trying?: boolean;
  onAgain?: () => void;
}

/** What failed, why in the server's own words, and what to do about it. */
export function Refusal({ what, error, trying = false, onAgain }: Props) {
  return (
    <div className={classes.refusal} data-tone="problem" role="alert">
      <p className={classes.what}>{what}</p>
      <Why error={error} />
      {onAgain && (
        <Button size="compact-sm" variant="default" aria-disabled={trying || undefined} onClick={onAgain}>
          {texts.failure.again}
        </Button>
      )}
    </div>
  );
}

function Why({ error }: { error: Error }) {
  const fix = isNamed(error) ? toDo(error.fix) : undefined;
  return (
    <>
      <p className={classes.why}>{whyOf(error)}</p>
      {fix && <p className={classes.why}>{texts.failure.fix(fix)}</p>}
    </>
  );
}

/** These two codes say no more than that something is not right: what it is stands in the message. */
const isNamed = (error: Error): error is Refused =>
  error instanceof Refused && !["input_invalid", "not_found"].includes(error.code);

/** Why it failed, as a sentence. */
export const whyOf = (error: Error): string =>
  isNamed(error) ? texts.failure.named(error.title, error.message) : texts.failure.because(error.message);
