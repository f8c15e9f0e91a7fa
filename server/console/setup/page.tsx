import { Page } from "../elements/page.tsx";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import { Setup } from "./setup.tsx";

export function SetupPage() {
  return (
    <Page title={texts.setup.title}>
      <Setup overview={useOverview()} />
    </Page>
  );
}
