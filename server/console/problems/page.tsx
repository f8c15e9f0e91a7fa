import { Page } from "../elements/page.tsx";
import { texts } from "../texts/texts.ts";
import { MutedProblems } from "./muted.tsx";
import { Problems } from "./problems.tsx";
import { ResolvedProblems } from "./resolved.tsx";

/** What is wrong now, what somebody wants to hear nothing of, and what was. */
export function ProblemsPage() {
  return (
    <Page title={texts.shell.pages.problems} lead={texts.problems.lead}>
      <Problems />
      <MutedProblems />
      <ResolvedProblems />
    </Page>
  );
}
