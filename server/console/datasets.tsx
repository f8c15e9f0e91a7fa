import type { DatasetView } from "../api/schema.ts";
import { Absence, Card } from "./card.tsx";
import classes from "./datasets.module.css";
import { Pill } from "./pill.tsx";
import { Fact, Facts, Place, Places, When } from "./place.tsx";
import { en as texts } from "./texts/en.ts";

export function Datasets({ datasets }: { datasets: readonly DatasetView[] }) {
  return (
    <Card title={texts.datasets.title}>
      {datasets.length === 0 && <Absence>{texts.datasets.empty}</Absence>}
      <Places>
        {datasets.map((dataset) => (
          <Place key={dataset.id} name={dataset.name} state={<State dataset={dataset} />}>
            {dataset.pausedReason && (
              <p className={classes.reason} data-tone="problem">
                {dataset.pausedReason}
              </p>
            )}
            <Facts>
              <Fact term={texts.datasets.waiting}>{texts.datasets.events(dataset.waiting)}</Fact>
              {dataset.nextTryAt && (
                <Fact term={texts.datasets.nextTry}>
                  <When at={dataset.nextTryAt} otherwise={texts.datasets.never} />
                </Fact>
              )}
              <Fact term={texts.datasets.lastAccepted}>
                <When at={dataset.lastAcceptedAt} otherwise={texts.datasets.never} />
              </Fact>
              <Fact term={texts.datasets.metaId}>{dataset.metaId}</Fact>
            </Facts>
          </Place>
        ))}
      </Places>
    </Card>
  );
}

function State({ dataset }: { dataset: DatasetView }) {
  if (dataset.pausedReason) return <Pill tone="problem">{texts.datasets.paused}</Pill>;
  if (dataset.nextTryAt && dataset.waiting > 0) return <Pill tone="waiting">{texts.datasets.retrying}</Pill>;
  if (dataset.lastAcceptedAt || dataset.waiting > 0) return <Pill tone="live">{texts.datasets.sending}</Pill>;
  return <Pill tone="setup">{texts.datasets.quiet}</Pill>;
}
