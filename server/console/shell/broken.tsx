import { Button } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { Words } from "../elements/words.tsx";
import { texts } from "../texts/texts.ts";
import { Frame } from "./frame.tsx";

/** A page failed while it was drawn, or could not be loaded. */
export function Broken({ error }: ErrorComponentProps) {
  const { title, lead, again } = texts.shell.broken;
  return (
    <Frame title={title} heading={title} lead={lead}>
      {error instanceof Error && <Words of={error.name}>{error.message}</Words>}
      <div>
        <Button onClick={() => location.reload()}>{again}</Button>
      </div>
    </Frame>
  );
}
