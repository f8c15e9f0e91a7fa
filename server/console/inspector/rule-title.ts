import type { ExplanationView } from "../../api/record.ts";

type Rules = ExplanationView["entries"][number]["rules"];

/** What the rule is called by which an event is held back; the code of one that is not among them, as words. */
export const titleIn = (rules: Rules, reason: string): string =>
  rules.find(({ rule }) => rule === reason)?.title ?? reason.replaceAll("_", " ");
