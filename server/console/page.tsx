import { VisuallyHidden } from "@mantine/core";
import { useEffect } from "react";
import { Announcement } from "./announcement.tsx";
import { Connections } from "./connections.tsx";
import { Datasets } from "./datasets.tsx";
import { Deliveries } from "./deliveries.tsx";
import { Freshness } from "./freshness.tsx";
import { Funnel } from "./funnel.tsx";
import { Inspector } from "./inspector/inspector.tsx";
import { NowProvider } from "./now.tsx";
import { Placeholder } from "./placeholder.tsx";
import { Problems } from "./problems/problems.tsx";
import { type Reading, useReading } from "./reading.ts";
import { Heard, Saying } from "./saying.tsx";
import { Setup } from "./setup/setup.tsx";
import { Stages } from "./stages.tsx";
import { StatusLine } from "./status-line.tsx";
import { en as texts } from "./texts/en.ts";
import { TopLine } from "./top-line.tsx";
import { Unreachable } from "./unreachable.tsx";

/** The console's one page: what is true now. */
export function Page() {
  const { data, error, isFetching, refetch } = useReading();
  const workspace = data?.overview.workspace;
  useEffect(() => {
    document.title = workspace ? texts.title(workspace.name) : texts.product;
  }, [workspace]);

  return (
    <NowProvider offsetMs={data?.offsetMs ?? 0}>
      <Saying>
        <div className="page">
          <TopLine workspace={workspace} />
          <main>
            {data && <Figures overview={data.overview} failure={error?.message} />}
            {!data && error && <Unreachable why={error.message} trying={isFetching} onTry={() => void refetch()} />}
            {!data && !error && <Placeholder />}
          </main>
          <Announcement status={data?.overview.status} failing={error !== null} />
          <Heard />
        </div>
      </Saying>
    </NowProvider>
  );
}

function Figures({ overview, failure }: { overview: Reading["overview"]; failure: string | undefined }) {
  return (
    <div className="page-grid">
      <VisuallyHidden component="h1">{texts.heading(overview.workspace.name)}</VisuallyHidden>
      <StatusLine status={overview.status} problems={overview.problems} />
      <Freshness asOf={overview.asOf} failure={failure} />
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
      <Inspector overview={overview} />
    </div>
  );
}
