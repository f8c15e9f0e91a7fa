import type { ConnectionView } from "../../api/schema.ts";
import { useChange } from "../deliveries/answers.ts";
import { texts } from "../texts/texts.ts";
import { Drawer, Section } from "./drawer.tsx";
import { Explain } from "./explain.tsx";
import type { Inspected } from "./inspected.ts";
import { Sentence } from "./sentence.tsx";

interface Props {
  inspected: Extract<Inspected, { what: "record" }>;
  connection: ConnectionView | undefined;
}

/** A record of the CRM, and why nothing was sent for its change. */
export function CrmRecord({ inspected, connection }: Props) {
  const { connection: id, object, record, at } = inspected;
  const { data: change } = useChange(inspected);
  const erased = object === "erased";
  const about = (
    <>
      {connection?.crmName} · {erased ? texts.delivery.erased : <Named object={object} record={record} />}
    </>
  );
  return (
    <Drawer title={change ? <bdi>{change.stage ?? change.stageId}</bdi> : texts.record.title} about={about}>
      {change?.state === "not_sent" && change.reason && (
        <Sentence state={change.state} fix={change.reason.fix}>
          {texts.record.notSentBecause(change.reason.title)}
        </Sentence>
      )}
      {erased ? (
        <p>{texts.delivery.erasedExplained}</p>
      ) : (
        <Section title={texts.record.explain}>
          <Explain connection={id} object={object} record={record} at={at} />
        </Section>
      )}
    </Drawer>
  );
}

function Named({ object, record }: { object: string; record: string }) {
  return (
    <>
      <bdi>{object}</bdi> <bdi>{record}</bdi>
    </>
  );
}
