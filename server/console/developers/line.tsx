import { useRef } from "react";
import { CopyButton } from "../elements/copy-button.tsx";
import classes from "./developers.module.css";

/** An address or an id, to be copied. */
export function Line({ term, value, copy }: { term: string; value: string; copy: string }) {
  const shown = useRef<HTMLElement>(null);
  return (
    <div className={classes.line}>
      <dt>
        <bdi>{term}</bdi>
      </dt>
      <dd>
        <code ref={shown}>{value}</code>
        <CopyButton text={value} shown={shown} label={copy} />
      </dd>
    </div>
  );
}
