import { Page } from "../elements/page.tsx";
import { texts } from "../texts/texts.ts";

export function DeliveriesPage() {
  return <Page title={texts.shell.pages.deliveries} />;
}
