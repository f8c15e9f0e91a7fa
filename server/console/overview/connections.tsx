import type { ConnectionView, Tone } from "../../api/schema.ts";
import { DaysLine } from "../connections/days-line.tsx";
import { LaneDeeds } from "../connections/lane-deeds.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { Pill } from "../elements/pill.tsx";
import { Fact, Facts, Place, Places, When } from "../elements/place.tsx";
import { texts } from "../texts/texts.ts";

const tones: Record<ConnectionView["state"], Tone> = {
  reading: "setup",
  live: "live",
  ready: "setup",
  disconnected: "problem",
  paused: "paused",
  limited: "waiting",
};

export function Connections({ connections }: { connections: readonly ConnectionView[] }) {
  return (
    <Card title={texts.connections.title}>
      {connections.length === 0 && <Absence>{texts.connections.empty}</Absence>}
      <Places>
        {connections.map((connection) => (
          <Place
            key={connection.id}
            kind={connection.crmName}
            name={connection.name}
            state={<Pill tone={tones[connection.state]}>{texts.connections.states[connection.state]}</Pill>}
          >
            <Facts>
              <Fact term={texts.connections.lastRead}>
                <When at={connection.lastReadAt} otherwise={texts.connections.never} />
              </Fact>
              <Fact term={texts.connections.lastChange}>
                <When at={connection.lastChangeAt} otherwise={texts.connections.never} />
              </Fact>
              <Fact term={texts.connections.read}>{texts.number(connection.read)}</Fact>
            </Facts>
            <DaysLine connection={connection.id} name={connection.name} />
            <LaneDeeds
              lane={{ kind: "reading", id: connection.id, name: connection.name, pausedCode: connection.pausedCode }}
            />
          </Place>
        ))}
      </Places>
    </Card>
  );
}
