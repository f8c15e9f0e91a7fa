import { Button } from "@mantine/core";
import { type RefObject, useEffect, useState } from "react";
import { texts } from "../texts/texts.ts";
import { Icon } from "./icons.tsx";
import { useSay } from "./saying.tsx";

const tickMs = 1500;

/** Copies the text. Where the browser lets no page copy, what is shown is marked, so that the reader can. */
export function CopyButton({
  text,
  shown,
  label,
  byKey,
}: {
  text: string;
  shown: RefObject<HTMLElement | null>;
  label?: string;
  /** Of what lies open, the one that the key `c` presses. */
  byKey?: boolean;
}) {
  const [told, tell] = useState<string>();
  const say = useSay();
  useEffect(() => {
    if (!told) return;
    const timer = setTimeout(() => tell(undefined), tickMs);
    return () => clearTimeout(timer);
  }, [told]);
  const copy = async () => {
    const done = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    if (!done && shown.current) getSelection()?.selectAllChildren(shown.current);
    const words = done ? texts.drawer.copied : texts.drawer.selected;
    tell(words);
    say(words);
  };
  return (
    <Button
      size="compact-xs"
      variant="default"
      aria-label={told ? undefined : label}
      data-copy={byKey || undefined}
      leftSection={<Icon name={told === texts.drawer.copied ? "tick" : "copy"} size={12} />}
      onClick={() => void copy()}
    >
      {told ?? texts.drawer.copy}
    </Button>
  );
}
