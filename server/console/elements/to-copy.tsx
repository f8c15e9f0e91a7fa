import { type ReactNode, useRef } from "react";
import { CopyButton } from "./copy-button.tsx";
import classes from "./to-copy.module.css";

/** A secret or an address that is shown whole, to be taken elsewhere; `children`: what else can be done with it. */
export function ToCopy({ text, label, children }: { text: string; label: string; children?: ReactNode }) {
  const shown = useRef<HTMLElement>(null);
  return (
    <>
      <code className={classes.text} ref={shown}>
        {text}
      </code>
      <div className={classes.deeds}>
        <CopyButton text={text} shown={shown} label={label} />
        {children}
      </div>
    </>
  );
}
