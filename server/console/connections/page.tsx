import { Page } from "../elements/page.tsx";
import { texts } from "../texts/texts.ts";

export function ConnectionsPage() {
  return <Page title={texts.shell.pages.connections} />;
}
