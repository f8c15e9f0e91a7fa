import { useEffect, useState } from "react";
import type { problemDismissed } from "../../api/operations.ts";
import { type AnswerOf, useDeed } from "../api/deed.ts";
import { useSay } from "../elements/saying.tsx";
import { texts } from "../texts/texts.ts";

/** How long a dismissal can be taken back. The server keeps no way back, so it hears of it when the time is over. */
const undoMs = 8000;

export function useDismissing(id: string, title: string) {
  const say = useSay();
  const [leaving, leave] = useState(false);
  const path = `/problems/${encodeURIComponent(id)}/dismiss`;
  const { mutate, error } = useDeed<void, AnswerOf<typeof problemDismissed>>(
    (ask) => ask(path),
    () => texts.problems.dismissed(title),
  );
  useEffect(() => {
    if (!leaving) return;
    const dismiss = () => mutate(undefined, { onError: () => leave(false) });
    // Whoever leaves the page meant it.
    const onLeave = () => {
      clearTimeout(timer);
      void fetch(`/api/v1${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
        keepalive: true,
      });
    };
    const timer = setTimeout(() => {
      removeEventListener("pagehide", onLeave);
      dismiss();
    }, undoMs);
    addEventListener("pagehide", onLeave);
    return () => {
      clearTimeout(timer);
      removeEventListener("pagehide", onLeave);
    };
  }, [leaving, mutate, path]);
  return {
    /** Dismissed, or about to be. */
    leaving,
    error,
    dismiss: () => {
      leave(true);
      say(texts.problems.dismissed(title));
    },
    undo: () => {
      leave(false);
      say(texts.problems.undone(title));
    },
  };
}
