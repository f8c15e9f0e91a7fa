import classes from "./bar.module.css";

/** A count drawn as a length; the number beside it says the same, so it is hidden from screen readers. */
export function Bar({
  from = 0,
  to,
  look,
}: {
  from?: number;
  to: number;
  look: "total" | "loss" | "problem" | "good";
}) {
  const size = Math.max(0, to - from);
  return (
    <span className={classes.track} aria-hidden="true">
      {size > 0 && (
        <span
          className={classes.bar}
          data-look={look}
          style={{ insetInlineStart: `min(${from * 100}%, 100% - 3px)`, width: `max(3px, ${size * 100}%)` }}
        />
      )}
    </span>
  );
}
