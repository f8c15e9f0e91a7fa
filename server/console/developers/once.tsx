import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import { CopyButton } from "../elements/copy-button.tsx";
import { Note } from "../elements/note.tsx";
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
  const shown = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div className={classes.once} ref={box} tabIndex={-1}>
      <Note tone="waiting" role="status">
        <bdi>{told}</bdi>
      </Note>
      <code className={classes.secret} ref={shown}>
        {secret}
      </code>
      <div className={classes.beside}>
        <CopyButton text={secret} shown={shown} label={copy} />
        <Button size="compact-xs" variant="default" onClick={onKept}>
          {words.kept}
        </Button>
      </div>
    </div>
  );
}
