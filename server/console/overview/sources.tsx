import type { Figures, SourceView } from "../../api/figures.ts";
import { Absence, Card } from "../elements/card.tsx";
import { Pill } from "../elements/pill.tsx";
import { Fact, Facts, Place, Places, When } from "../elements/place.tsx";
import { texts } from "../texts/texts.ts";

const { sources: said, accounts } = texts.figures;

/** How quickly a change comes from each CRM to Meta's yes. */
export function Sources({ figures: { sources, connections } }: { figures: Figures }) {
  return (
    <Card title={said.title} aside={said.explained}>
      {sources.length === 0 && <Absence>{accounts.noCrm}</Absence>}
      <Places>
        {sources.map((source) => (
          <Source
            key={source.connectionId}
            source={source}
            account={connections.find(({ id }) => id === source.connectionId)}
          />
        ))}
      </Places>
    </Card>
  );
}

function Source({ source, account }: { source: SourceView; account: Figures["connections"][number] | undefined }) {
  const { medianMs, p95Ms, lastReadAt, stale, of } = source;
  const span = (ms: number | undefined) => (ms === undefined ? said.none : texts.time.span(ms));
  return (
    <Place
      name={account ? said.account(account.crmName, account.name) : ""}
      state={stale && <Pill tone="waiting">{said.stale}</Pill>}
    >
      <Facts>
        <Fact term={said.median}>{span(medianMs)}</Fact>
        <Fact term={said.p95}>{span(p95Ms)}</Fact>
        <Fact term={said.of}>{texts.datasets.events(of)}</Fact>
        <Fact term={said.lastRead}>
          <When at={lastReadAt} otherwise={said.never} />
        </Fact>
      </Facts>
    </Place>
  );
}
