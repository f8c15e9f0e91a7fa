import { Page } from "../elements/page.tsx";
import { texts } from "../texts/texts.ts";

export function SettingsPage() {
  return <Page title={texts.shell.pages.settings} />;
}
