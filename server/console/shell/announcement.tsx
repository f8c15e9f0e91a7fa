import { VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import type { StatusView } from "../../api/schema.ts";
import { texts } from "../texts/texts.ts";

/**
 * The page's one live region, there from the first moment. It speaks when the tone or the reachability changes, not with
 * every sentence: those count seconds and would never be silent.
 */
export function Announcement({ status, failing }: { status: StatusView | undefined; failing: boolean }) {
  const [said, say] = useState<{ state: string; words: string }>({ state: "", words: "" });
  const state = failing ? "failing" : (status?.tone ?? "");
  if (state !== said.state) say({ state, words: words(status, failing) });
  return <VisuallyHidden role="status">{said.words}</VisuallyHidden>;
}

function words(status: StatusView | undefined, failing: boolean): string {
  if (failing) return texts.unreachable.announced;
  return status ? texts.status.announced(texts.status.tones[status.tone], status.sentence) : "";
}
