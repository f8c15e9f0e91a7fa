import { Page } from "../elements/page.tsx";
import { texts } from "../texts/texts.ts";

export function DevelopersPage() {
  return <Page title={texts.shell.pages.developers} />;
}
