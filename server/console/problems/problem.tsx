import { Page } from "../elements/page.tsx";
import { texts } from "../texts/texts.ts";

export function ProblemPage() {
  return <Page title={texts.shell.pages.problems} />;
}
