import { Page } from "../elements/page.tsx";
import { texts } from "../texts/texts.ts";

export function PrivacyPage() {
  return <Page title={texts.shell.pages.privacy} />;
}
