import { useEffect } from "react";
import { addresses } from "../../api/addresses.ts";
import { Deliveries } from "../deliveries/deliveries.tsx";
import { Page } from "../elements/page.tsx";
import { rememberedInvitation } from "../members/remembered.ts";
import { Problems } from "../problems/problems.tsx";
import { go } from "../route/history.ts";
import { useWorkspace } from "../session/session.ts";
import { Setup } from "../setup/setup.tsx";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import { Connections } from "./connections.tsx";
import { Datasets } from "./datasets.tsx";
import { Funnel } from "./funnel.tsx";
import { Stages } from "./stages.tsx";

/** What is true now. Whoever came to sign in because of an invitation goes on to it. */
export function OverviewPage() {
  const overview = useOverview();
  const { name } = useWorkspace();
  const invited = rememberedInvitation() !== undefined;
  useEffect(() => {
    if (invited) go(addresses.invitation);
  }, [invited]);
  return (
    <Page title={texts.heading(name)}>
      <Setup overview={overview} />
      <Problems overview={overview} />
      <div className="page-columns">
        <div className="page-grid">
          <Funnel funnel={overview.funnel} />
          <Datasets overview={overview} />
        </div>
        <Connections connections={overview.connections} />
      </div>
      <Stages stages={overview.stages} connections={overview.connections} />
      <Deliveries deliveries={overview.deliveries} connections={overview.connections} demo={overview.workspace.demo} />
    </Page>
  );
}
