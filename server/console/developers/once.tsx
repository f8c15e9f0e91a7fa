import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import { Note } from "../elements/note.tsx";
import { ToCopy } from "../elements/to-copy.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./developers.module.css";

const { keys: words } = texts.developers;

interface Props {
  /** What it is. */
  told: string;
  secret: string;
  copy: string;
  onKept: () => void;
}

/** A secret that is shown now and never again; whoever made it puts it away. */
export function Once({ told, secret, copy, onKept }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div className={classes.once} ref={box} tabIndex={-1}>
      <Note tone="waiting" role="status">
        <bdi>{told}</bdi>
      </Note>
      <ToCopy text={secret} label={copy}>
        <Button size="compact-xs" variant="default" onClick={onKept}>
          {words.kept}
        </Button>
      </ToCopy>
    </div>
  );
}
