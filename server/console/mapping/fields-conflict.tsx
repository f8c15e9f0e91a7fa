import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import { DeedButton } from "../elements/deed-button.tsx";
import { texts } from "../texts/texts.ts";
import type { Choice } from "./choice.ts";
import classes from "./conflict.module.css";
import { Differences } from "./differences.tsx";
import type { Told } from "./field-words.ts";

const { conflict, fields } = texts.mapping;
const { conflict: words } = fields;

/** Somebody else chose meanwhile: both choices side by side where they differ, and two ways to go on. */
export function FieldsConflict(props: { theirs: readonly Told[]; mine: readonly Told[]; choice: Choice }) {
  const { theirs, mine, choice } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const saved = new Map(theirs.map(({ key, chosen }) => [key, chosen]));
  const rows = mine
    .filter(({ key, chosen }) => saved.get(key) !== chosen)
    .map(({ key, label, chosen }) => ({ key, label, theirs: saved.get(key) ?? texts.none, mine: chosen }));
  return (
    <section className={classes.conflict} data-tone="waiting">
      <h3 className={classes.title} tabIndex={-1} ref={heading}>
        {words.title}
      </h3>
      <p className={classes.lead}>{conflict.safe}</p>
      <Differences caption={words.caption} of={words.field} theirs={words.theirs} rows={rows} />
      <div className={classes.buttons}>
        <Button size="compact-sm" variant="default" onClick={choice.discard}>
          {conflict.takeTheirs}
        </Button>
        <DeedButton busy={conflict.takeMineBusy} doing={choice.saving} onDo={choice.save}>
          {conflict.takeMine}
        </DeedButton>
      </div>
    </section>
  );
}
