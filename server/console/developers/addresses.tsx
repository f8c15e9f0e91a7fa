import type { DevelopersView } from "../../api/developers.ts";
import { Card } from "../elements/card.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./developers.module.css";
import { Line } from "./line.tsx";

const { addresses: words } = texts.developers;

/** Where we are found, and what things are called in calls. */
export function Addresses({ view: { url, workspace, addresses, webhooks, ids } }: { view: DevelopersView }) {
  const lines: readonly (readonly [term: string, value: string])[] = [
    [words.url, url],
    [words.workspace, workspace.id],
    ...ids.map(({ kind, id, name }) => [`${words.kinds[kind]}: ${name}`, id] as const),
    [words.health, addresses.health],
    [words.ready, addresses.ready],
    [words.openapi, addresses.openapi],
    ...webhooks.map(({ crmName, address }) => [words.webhooks(crmName), address] as const),
  ];
  return (
    <Card title={words.title}>
      <dl className={classes.lines}>
        {lines.map(([term, value]) => (
          <Line key={`${term} ${value}`} term={term} value={value} copy={words.copyOf(term)} />
        ))}
      </dl>
    </Card>
  );
}
