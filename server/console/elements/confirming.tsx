import { Button } from "@mantine/core";
import { type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";
import classes from "./confirming.module.css";

interface Props {
  /** The words of the button that asks. */
  trigger: string;
  /** What a screen reader says instead, where the words alone do not tell enough. */
  label?: string;
  variant?: "default" | "filled" | "light";
  question: string;
  cancel: string;
  /** Answering takes place here; `close` puts it away. */
  children: (close: () => void) => ReactNode;
}

/** A button that asks in its own place before anything is done. Escape and Cancel lead back to it. */
export function Confirming({ trigger, label, variant = "default", question, cancel, children }: Props) {
  const [asking, ask] = useState(false);
  const id = useId();
  const box = useRef<HTMLFieldSetElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const asked = useRef(false);
  useLayoutEffect(() => {
    if (asking) box.current?.querySelector<HTMLElement>("input, button")?.focus();
    else if (asked.current) button.current?.focus();
    asked.current = asking;
  }, [asking]);
  const close = () => ask(false);

  if (!asking)
    return (
      <Button ref={button} size="compact-sm" variant={variant} aria-label={label} onClick={() => ask(true)}>
        {trigger}
      </Button>
    );
  return (
    <fieldset
      ref={box}
      className={classes.box}
      aria-labelledby={id}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        // Only the question is put away, not the drawer that it may stand in.
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
    >
      <p className={classes.question} id={id}>
        {question}
      </p>
      {children(close)}
      <Button size="compact-sm" variant="subtle" onClick={close}>
        {cancel}
      </Button>
    </fieldset>
  );
}

export function Means({ children }: { children: ReactNode }) {
  return <p className={classes.means}>{children}</p>;
}
