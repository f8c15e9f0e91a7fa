import { Page } from "../elements/page.tsx";
import { texts } from "../texts/texts.ts";

export function AuditPage() {
  return <Page title={texts.shell.pages.audit} />;
}
