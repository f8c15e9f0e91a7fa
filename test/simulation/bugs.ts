import type { Bug } from "./bug.ts";
import { readingBugs } from "./bugs/reading.ts";
import { sendingBugs } from "./bugs/sending.ts";
import { storingBugs } from "./bugs/storing.ts";

/** What might have been written instead; the simulation must notice each. */
export const bugs: readonly Bug[] = [...readingBugs, ...storingBugs, ...sendingBugs];
