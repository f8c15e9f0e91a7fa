import type { DatasetView, Overview } from "../../api/schema.ts";
import { LaneDeeds } from "../connections/lane-deeds.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { Pill } from "../elements/pill.tsx";
import { Fact, Facts, Place, Places, When } from "../elements/place.tsx";
import { texts } from "../texts/texts.ts";
import { deadlineOf } from "./dataset-deadline.ts";
import classes from "./datasets.module.css";

export function Datasets({ overview }: { overview: Pick<Overview, "datasets" | "status"> }) {
  const { datasets } = overview;
  return (
    <Card title={texts.datasets.title}>
      {datasets.length === 0 && <Absence>{texts.datasets.empty}</Absence>}
      <Places>
        {datasets.map((dataset) => (
          <Place key={dataset.id} name={dataset.name} state={<State dataset={dataset} />}>
            {dataset.pausedReason && (
              <p className={classes.reason} data-tone={byAdmin(dataset) ? "paused" : "problem"}>
                {dataset.pausedReason}
              </p>
            )}
            <Facts>
              <Fact term={texts.datasets.waiting}>{texts.datasets.events(dataset.waiting)}</Fact>
              <Deadline at={dataset.waiting > 0 ? deadlineOf(dataset, overview) : undefined} />
              {dataset.nextTryAt && (
                <Fact term={texts.datasets.nextTry}>
                  <When at={dataset.nextTryAt} otherwise={texts.datasets.never} />
                </Fact>
              )}
              <Fact term={texts.datasets.lastAccepted}>
                <When at={dataset.lastAcceptedAt} otherwise={texts.datasets.never} />
              </Fact>
              <Fact term={texts.datasets.metaId}>
                <span className={classes.id}>{dataset.metaId}</span>
              </Fact>
            </Facts>
            <LaneDeeds lane={{ kind: "sending", id: dataset.id, name: dataset.name, pausedCode: dataset.pausedCode }} />
          </Place>
        ))}
      </Places>
    </Card>
  );
}

function Deadline({ at }: { at: string | undefined }) {
  return (
    at && (
      <Fact term={texts.datasets.deadline}>
        <When at={at} otherwise={texts.datasets.never} />
      </Fact>
    )
  );
}

const byAdmin = ({ pausedCode }: DatasetView): boolean => pausedCode === "by_admin";

function State({ dataset }: { dataset: DatasetView }) {
  if (dataset.pausedReason) return <Pill tone={byAdmin(dataset) ? "paused" : "problem"}>{texts.datasets.paused}</Pill>;
  if (dataset.nextTryAt && dataset.waiting > 0) return <Pill tone="waiting">{texts.datasets.retrying}</Pill>;
  if (dataset.lastAcceptedAt || dataset.waiting > 0) return <Pill tone="live">{texts.datasets.sending}</Pill>;
  return <Pill tone="setup">{texts.datasets.quiet}</Pill>;
}
