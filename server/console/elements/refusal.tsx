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
  // These two codes say no more than that something is not right: what it is stands in the message.
  if (!(error instanceof Refused) || ["input_invalid", "not_found"].includes(error.code))
    return <p className={classes.why}>{texts.failure.because(error.message)}</p>;
  const { title, message } = error;
  const fix = toDo(error.fix);
  return (
    <>
      <p className={classes.why}>{texts.failure.named(title, message)}</p>
      {fix && <p className={classes.why}>{texts.failure.fix(fix)}</p>}
    </>
  );
}
