import { Page } from "../elements/page.tsx";
import { texts } from "../texts/texts.ts";

export function PreviewPage() {
  return <Page title={texts.shell.pages.preview} />;
}
