import { Button } from "@mantine/core";
import { texts } from "../texts/texts.ts";
import { KeptFocus } from "./kept-focus.tsx";
import { whyOf } from "./refusal.tsx";
import classes from "./unread.module.css";

interface Props {
  /** What could not be read. */
  what: string;
  /** Null: it was. */
  error: Error | null;
  /** Whether it is being tried again at this moment. */
  trying: boolean;
  onAgain: () => void;
}

/** What the page can do without could not be read: a line in its place, and nothing more. */
export function Unread({ what, error, trying, onAgain }: Props) {
  return (
    <KeptFocus className={classes.unread}>
      {error && (
        <>
          <span role="status">
            {what}. {whyOf(error)}
          </span>
          <Button
            size="compact-sm"
            variant="default"
            aria-disabled={trying || undefined}
            onClick={() => trying || onAgain()}
          >
            {texts.failure.again}
          </Button>
        </>
      )}
    </KeptFocus>
  );
}
