import { Outlet } from "@tanstack/react-router";
import { NowProvider } from "../elements/now.tsx";
import { Placeholder } from "../elements/placeholder.tsx";
import { Heard, Saying } from "../elements/saying.tsx";
import { Unreachable } from "../elements/unreachable.tsx";
import { Inspector } from "../inspector/inspector.tsx";
import { Tasks } from "../tasks/tasks.tsx";
import { texts } from "../texts/texts.ts";
import { Announcement } from "./announcement.tsx";
import { Ending } from "./ending.tsx";
import { Foot } from "./foot.tsx";
import { useKeys } from "./keys.ts";
import { Navigation } from "./navigation.tsx";
import { OverviewProvider } from "./overview.ts";
import { useReading } from "./reading.ts";
import classes from "./shell.module.css";
import { StatusLine } from "./status-line.tsx";
import { TopLine } from "./top-line.tsx";
import { Within } from "./within.tsx";

/** What stands around every page of a workspace: where one is, how things stand, and the ways to everything else. */
export function Shell() {
  return (
    <Within>
      <Around />
    </Within>
  );
}

function Around() {
  const { data, error, isFetching, refetch } = useReading();
  useKeys();
  const overview = data?.overview;
  return (
    <NowProvider offsetMs={data?.offsetMs ?? 0}>
      <Saying>
        <div className="page">
          <a className={classes.skip} href="#content">
            {texts.shell.skip}
          </a>
          <TopLine workspace={overview?.workspace} />
          <div className={classes.columns}>
            <Navigation problems={overview?.problems} />
            <main className={classes.main} id="content" tabIndex={-1}>
              {overview && (
                <OverviewProvider value={overview}>
                  <StatusLine
                    status={overview.status}
                    problems={overview.problems}
                    asOf={overview.asOf}
                    failure={error?.message}
                  />
                  {overview.workspace.endsAt && <Ending endsAt={overview.workspace.endsAt} />}
                  <Tasks />
                  <Outlet />
                  <Inspector overview={overview} />
                </OverviewProvider>
              )}
              {!overview && error && (
                <Unreachable why={error.message} trying={isFetching} onTry={() => void refetch()} />
              )}
              {!overview && !error && <Placeholder />}
            </main>
          </div>
          <Foot />
          <Announcement status={overview?.status} failing={error !== null} />
          <Heard />
        </div>
      </Saying>
    </NowProvider>
  );
}
