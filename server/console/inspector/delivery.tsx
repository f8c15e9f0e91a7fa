import { Button, Skeleton } from "@mantine/core";
import { useRef, useState } from "react";
import type { DeliveryDetail } from "../../api/record.ts";
import type { ConnectionView } from "../../api/schema.ts";
import { useDelivery } from "../api/answers.ts";
import { CopyButton } from "../elements/copy-button.tsx";
import { Later } from "../elements/later.tsx";
import { useNow } from "../elements/now.tsx";
import { Fact, Facts } from "../elements/place.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
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
  const about = data && (
    <>
      {connection?.crmName} · <bdi>{data.record.object}</bdi> <bdi>{data.record.id}</bdi>
    </>
  );
  return (
    <Drawer title={data ? <bdi>{data.eventName}</bdi> : texts.delivery.title} about={about}>
      {error && (
        <Refusal what={texts.delivery.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />
      )}
      {!data && !error && (
        <Later label={texts.delivery.loading}>
          <Skeleton h={90} mb="lg" />
          <Skeleton h={180} mb="lg" />
          <Skeleton h={260} />
        </Later>
      )}
      {data && <Details delivery={data} />}
    </Drawer>
  );
}

function Details({ delivery }: { delivery: DeliveryDetail }) {
  const { connectionId, record, enteredAt } = delivery;
  const [explaining, explain] = useState(false);
  const texted = texts.delivery;
  return (
    <>
      <Sentence state={delivery.state} fix={delivery.reason?.fix}>
        {sentenceOf(delivery, useNow())}
      </Sentence>
      {delivery.state === "refused" && <SendAgain key={delivery.seq} delivery={delivery} />}
      <About delivery={delivery} />
      <Section title={texted.whatHappened}>
        <Timeline timeline={delivery.timeline} />
      </Section>
      <Section title={texted.json} aside={<span className={classes.aside}>{texted.jsonExplained}</span>}>
        {sentWithoutLeadId(delivery) && <p className={classes.without}>{texted.withoutLeadId}</p>}
        <Json text={delivery.payload} name={texted.json} />
      </Section>
      <Section title={texted.explain}>
        {explaining ? (
          <Explain connection={connectionId} object={record.object} record={record.id} at={enteredAt} />
        ) : (
          <Button size="compact-sm" variant="default" onClick={() => explain(true)}>
            {texted.explainOpen}
          </Button>
        )}
      </Section>
    </>
  );
}

function About({ delivery }: { delivery: DeliveryDetail }) {
  const texted = texts.delivery;
  const id = useRef<HTMLElement>(null);
  const entered = new Date(delivery.enteredAt);
  return (
    <Facts>
      <Fact term={texted.entered}>
        <time dateTime={delivery.enteredAt}>
          {delivery.timeQuality === "day" ? texts.time.day(entered) : texts.time.exact(entered)}
        </time>
        <span className={classes.quality}>
          {texted.quality[delivery.timeQuality]}
          {delivery.filled && `. ${texted.filled}`}
        </span>
      </Fact>
      <Fact term={texted.deadline}>
        <time dateTime={delivery.deadlineAt}>{texts.time.exact(new Date(delivery.deadlineAt))}</time>
      </Fact>
      <Fact term={texts.record.mappingTerm}>{texted.mappingVersion(delivery.mappingVersion)}</Fact>
      <Fact term={texted.eventId} wide>
        <span className={classes.copied}>
          <bdi className={classes.id} ref={id}>
            {delivery.eventId}
          </bdi>
          <CopyButton text={delivery.eventId} shown={id} label={texted.copyId} />
        </span>
      </Fact>
    </Facts>
  );
}

/** Where Meta does not know a lead id, the same event goes again at once without it (core/turn.ts). */
function sentWithoutLeadId({ timeline }: DeliveryDetail): boolean {
  const taken = timeline.findLastIndex((step) => step.what === "request" && step.verdict === "accepted");
  const before = timeline[taken - 1];
  return before?.what === "request" && before.events === 1 && before.reason?.code === "refused_lead_id";
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
