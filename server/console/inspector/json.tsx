import { useMemo, useRef } from "react";
import { CopyButton } from "../elements/copy-button.tsx";
import classes from "./json.module.css";
import { jsonLines } from "./json-lines.ts";

/** A JSON text, exact and readable; what is copied is the text itself. */
export function Json({ text, name }: { text: string; name: string }) {
  const lines = useMemo(() => jsonLines(text), [text]);
  const shown = useRef<HTMLElement>(null);
  return (
    <figure className={classes.json} aria-label={name}>
      <CopyButton text={text} shown={shown} />
      <code ref={shown} className={classes.code} translate="no">
        {lines.map(({ depth, parts }, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a text are what they are by their place
          <span key={n} className={classes.line} style={{ paddingInlineStart: `${depth * 1.25 + 1.25}rem` }}>
            {parts.map(({ kind, text }, m) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <span key={m} data-kind={kind}>
                {text}
              </span>
            ))}
            {"\n"}
          </span>
        ))}
      </code>
    </figure>
  );
}
