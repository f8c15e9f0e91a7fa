import { VisuallyHidden } from "@mantine/core";
import { useRef } from "react";
import type { DeliveryDetail } from "../../api/record.ts";
import { CopyButton } from "../elements/copy-button.tsx";
import { Icon } from "../elements/icons.tsx";
import { Fact, Facts } from "../elements/place.tsx";
import { mappingHref } from "../mapping/href.ts";
import { Link } from "../route/link.tsx";
import { texts } from "../texts/texts.ts";
import { hrefOf } from "./address.ts";
import classes from "./delivery.module.css";

interface Props {
  delivery: DeliveryDetail;
  crmName: string | undefined;
}

/** The facts of an event: what it stands for, by which mapping, until when, and how to find it again. */
export function About({ delivery, crmName }: Props) {
  const { connectionId, enteredAt, timeQuality, filled, mappingVersion, deadlineAt, eventId } = delivery;
  const texted = texts.delivery;
  const id = useRef<HTMLElement>(null);
  const entered = new Date(enteredAt);
  return (
    <Facts>
      <Fact term={texted.stage}>
        <bdi>{delivery.stage ?? delivery.stageId}</bdi>
        {delivery.crmUrl && crmName && (
          <a className={classes.elsewhere} href={delivery.crmUrl} target="_blank" rel="noreferrer">
            {texted.openIn(crmName)}
            <Icon name="arrow" size={12} />
            <VisuallyHidden>{texted.opensElsewhere}</VisuallyHidden>
          </a>
        )}
      </Fact>
      <Fact term={texted.entered}>
        <time dateTime={enteredAt}>{timeQuality === "day" ? texts.time.day(entered) : texts.time.exact(entered)}</time>
        <span className={classes.quality}>
          {texted.quality[timeQuality]}
          {filled && `. ${texted.filled}`}
        </span>
      </Fact>
      <Fact term={texted.deadline}>
        <time dateTime={deadlineAt}>{texts.time.exact(new Date(deadlineAt))}</time>
      </Fact>
      <Fact term={texts.record.mappingTerm}>
        <Link to={mappingHref(connectionId, { version: mappingVersion })}>{texted.mappingVersion(mappingVersion)}</Link>
      </Fact>
      <Fact term={texted.eventId} wide>
        <span className={classes.copied}>
          <bdi className={classes.id} ref={id}>
            {eventId}
          </bdi>
          <CopyButton text={eventId} shown={id} label={texted.copyId} byKey />
        </span>
      </Fact>
      <ToItself delivery={delivery} />
    </Facts>
  );
}

/** Its own address, for whoever asks a colleague. */
function ToItself({ delivery: { datasetId, seq } }: { delivery: DeliveryDetail }) {
  const texted = texts.delivery;
  const link = useRef<HTMLElement>(null);
  const to = new URL(hrefOf({ what: "delivery", dataset: datasetId, seq }), location.href).href;
  return (
    <Fact term={texted.link} wide>
      <span className={classes.copied}>
        <bdi className={classes.id} ref={link}>
          {to}
        </bdi>
        <CopyButton text={to} shown={link} label={texted.copyLink} />
      </span>
    </Fact>
  );
}
