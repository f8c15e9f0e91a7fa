import { Button } from "@mantine/core";
import { useId, useLayoutEffect, useRef } from "react";
import { texts } from "../texts/texts.ts";
import classes from "./save-bar.module.css";

const { save: words } = texts.mapping;

/** One name for several stages of a pipeline: is it meant? */
export function Question(props: { names: readonly string[]; onYes: () => void; onNo: () => void }) {
  const { names, onYes, onNo } = props;
  const id = useId();
  const box = useRef<HTMLFieldSetElement>(null);
  useLayoutEffect(() => box.current?.querySelector("button")?.focus({ preventScroll: true }), []);
  return (
    <fieldset ref={box} className={classes.question} aria-labelledby={id}>
      <p id={id}>
        <bdi>{words.sameName(names)}</bdi>
      </p>
      <Button size="compact-sm" onClick={onYes}>
        {words.sameNameYes}
      </Button>
      <Button size="compact-sm" variant="default" onClick={onNo}>
        {words.sameNameNo}
      </Button>
    </fieldset>
  );
}
