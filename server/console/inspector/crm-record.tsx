import type { ConnectionView, DeliveryView } from "../../api/schema.ts";
import { texts } from "../texts/texts.ts";
import { Drawer, Section } from "./drawer.tsx";
import { Explain } from "./explain.tsx";
import type { Inspected } from "./inspected.ts";
import { Sentence } from "./sentence.tsx";

interface Props {
  inspected: Extract<Inspected, { what: "record" }>;
  connection: ConnectionView | undefined;
  /** The change that was not sent, while it is among the latest. */
  row: (DeliveryView & { readonly fix?: string }) | undefined;
}

/** A record of the CRM, and why nothing was sent for its change. */
export function CrmRecord({ inspected, connection, row }: Props) {
  const { connection: id, object, record, at } = inspected;
  const about = (
    <>
      {connection?.crmName} · <bdi>{object}</bdi> <bdi>{record}</bdi>
    </>
  );
  return (
    <Drawer title={row ? <bdi>{row.stage}</bdi> : texts.record.title} about={about}>
      {row?.title && (
        <Sentence state={row.state} fix={row.fix}>
          {texts.record.notSentBecause(row.title)}
        </Sentence>
      )}
      <Section title={texts.record.explain}>
        <Explain connection={id} object={object} record={record} at={at} />
      </Section>
    </Drawer>
  );
}
