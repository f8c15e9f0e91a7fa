import { VisuallyHidden } from "@mantine/core";
import { createContext, type ReactNode, useContext, useState } from "react";

const Said = createContext("");
const Say = createContext<(words: string) => void>(() => {});

/** Says to a screen reader what a deed of the reader has led to. */
export function useSay(): (words: string) => void {
  return useContext(Say);
}

export function Saying({ children }: { children: ReactNode }) {
  const [words, say] = useState("");
  return (
    <Say value={say}>
      <Said value={words}>{children}</Said>
    </Say>
  );
}

/** Where it is heard: on the page, and in the drawer, since what lies behind an open drawer is silent. */
export function Heard() {
  return <VisuallyHidden aria-live="polite">{useContext(Said)}</VisuallyHidden>;
}
