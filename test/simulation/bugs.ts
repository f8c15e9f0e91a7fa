import type { Bug } from "./bug.ts";
import { comparingBugs } from "./bugs/comparing.ts";
import { lookingAgainBugs } from "./bugs/looking-again.ts";
import { pacingBugs } from "./bugs/pacing.ts";
import { readingBugs } from "./bugs/reading.ts";
import { sendingBugs } from "./bugs/sending.ts";
import { storingBugs } from "./bugs/storing.ts";
import { tryingAgainBugs } from "./bugs/trying-again.ts";

/** What might have been written instead; the simulation must notice each. */
export const bugs: readonly Bug[] = [
  ...readingBugs,
  ...comparingBugs,
  ...lookingAgainBugs,
  ...storingBugs,
  ...sendingBugs,
  ...tryingAgainBugs,
  ...pacingBugs,
];
