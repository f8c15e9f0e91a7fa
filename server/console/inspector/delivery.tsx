import { Button, Skeleton } from "@mantine/core";
import { useState } from "react";
import { addresses } from "../../api/addresses.ts";
import type { DeliveryDetail } from "../../api/record.ts";
import type { ConnectionView } from "../../api/schema.ts";
import { useDelivery } from "../api/answers.ts";
import { Refused } from "../api/call.ts";
import { Later } from "../elements/later.tsx";
import { useNow } from "../elements/now.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Link } from "../route/link.tsx";
import { texts } from "../texts/texts.ts";
import { About } from "./about.tsx";
import classes from "./delivery.module.css";
import { Drawer, Section } from "./drawer.tsx";
import { Explain } from "./explain.tsx";
import { Json } from "./json.tsx";
import { SendAgain } from "./send-again.tsx";
import { Sentence } from "./sentence.tsx";
import { Timeline } from "./timeline.tsx";

interface Props {
  dataset: string;
  seq: number;
  connections: readonly ConnectionView[];
}

/** One event: how it stands, all that has happened to it, and exactly what Meta receives. */
export function Delivery({ dataset, seq, connections }: Props) {
  const { data, error, isFetching, refetch } = useDelivery(dataset, seq);
  const connection = connections.find(({ id }) => id === data?.connectionId);
  // What was shown before stays while the next one is on its way; what is not there is not another's.
  const gone = error instanceof Refused && error.code === "not_found";
  const delivery = gone ? undefined : data;
  const texted = texts.delivery;
  const about = delivery && (
    <>
      {connection?.crmName} ·{" "}
      {isErased(delivery) ? (
        texted.erased
      ) : (
        <>
          <bdi>{delivery.record.object}</bdi> <bdi>{delivery.record.id}</bdi>
        </>
      )}
    </>
  );
  return (
    <Drawer title={delivery ? <bdi>{delivery.eventName}</bdi> : gone ? texted.gone : texted.title} about={about}>
      {gone && (
        <p>
          {texted.goneExplained} <Link to={addresses.deliveries}>{texted.toDeliveries}</Link>
        </p>
      )}
      {error && !gone && (
        <Refusal what={texted.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />
      )}
      {!delivery && !error && (
        <Later label={texted.loading}>
          <Skeleton h={90} mb="lg" />
          <Skeleton h={180} mb="lg" />
          <Skeleton h={260} />
        </Later>
      )}
      {delivery && <Details delivery={delivery} crmName={connection?.crmName} />}
    </Drawer>
  );
}

const isErased = ({ record }: DeliveryDetail): boolean => record.object === "erased";

function Details({ delivery, crmName }: { delivery: DeliveryDetail; crmName: string | undefined }) {
  const { connectionId, record, enteredAt } = delivery;
  const [explaining, explain] = useState(false);
  const texted = texts.delivery;
  return (
    <>
      <Sentence state={delivery.state} fix={delivery.reason?.fix}>
        {sentenceOf(delivery, useNow())}
      </Sentence>
      {isErased(delivery) && <p className={classes.without}>{texted.erasedExplained}</p>}
      {delivery.state === "refused" && <SendAgain key={delivery.seq} delivery={delivery} />}
      <About delivery={delivery} crmName={crmName} />
      <Section title={texted.whatHappened}>
        <Timeline timeline={delivery.timeline} />
      </Section>
      <Section title={texted.json} aside={<span className={classes.aside}>{texted.jsonExplained}</span>}>
        {delivery.sentWithout?.includes("lead_id") && <p className={classes.without}>{texted.withoutLeadId}</p>}
        <Json text={delivery.payload} name={texted.json} />
      </Section>
      {!isErased(delivery) && (
        <Section title={texted.explain}>
          {explaining ? (
            <Explain connection={connectionId} object={record.object} record={record.id} at={enteredAt} />
          ) : (
            <Button size="compact-sm" variant="default" onClick={() => explain(true)}>
              {texted.explainOpen}
            </Button>
          )}
        </Section>
      )}
    </>
  );
}

function sentenceOf({ state, reason, deadlineAt, timeline }: DeliveryDetail, now: number): string {
  const texted = texts.delivery.sentence;
  const until = new Date(deadlineAt);
  const leftMs = until.getTime() - now;
  switch (state) {
    case "accepted": {
      const taken = timeline.findLast((step) => step.what === "request" && step.verdict === "accepted");
      return texted.accepted(taken && new Date(taken.at));
    }
    case "waiting":
      return leftMs > 0
        ? texted.waiting(texts.time.short(until), texts.time.relative(leftMs))
        : texted.waitingTooLong(texts.time.short(until));
    case "refused":
      return timeline.some(({ what }) => what === "sent_again")
        ? texted.refusedAgain(reason?.title ?? "")
        : texted.refused(reason?.title ?? "");
  }
}
