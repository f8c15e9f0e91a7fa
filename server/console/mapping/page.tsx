import { Page } from "../elements/page.tsx";
import { texts } from "../texts/texts.ts";

export function MappingPage() {
  return <Page title={texts.shell.pages.mapping} />;
}
