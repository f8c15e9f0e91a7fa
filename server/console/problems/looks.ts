import { addresses } from "../../api/addresses.ts";
import type { Tone } from "../../api/schema.ts";
import type { Problem } from "./answers.ts";

/** Red is what waits for its reader; what others mend or what mends itself is not. */
export function toneOf({ acts, code, state }: Pick<Problem, "acts" | "code" | "state">): Tone {
  if (state === "resolved") return "live";
  if (code === "by_admin" || state === "muted") return "paused";
  return acts === "you" || acts === "us" ? "problem" : "waiting";
}

export const hrefOf = ({ id }: Pick<Problem, "id">): string => addresses.problem.replace("$id", encodeURIComponent(id));
