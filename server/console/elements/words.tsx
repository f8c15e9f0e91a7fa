import { useId } from "react";
import classes from "./words.module.css";

/** What a vendor has said, as it was said. */
export function Words({ of, children }: { of: string; children: string }) {
  const id = useId();
  return (
    <figure className={classes.said} aria-labelledby={id}>
      <figcaption className={classes.of} id={id}>
        {of}
      </figcaption>
      <blockquote className={classes.words}>
        <bdi>{children}</bdi>
      </blockquote>
    </figure>
  );
}
