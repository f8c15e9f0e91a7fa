import { Page } from "../elements/page.tsx";
import { texts } from "../texts/texts.ts";

export function ProblemsPage() {
  return <Page title={texts.shell.pages.problems} />;
}
