import { VisuallyHidden } from "@mantine/core";
import type { ListedDelivery } from "../../api/deliveries.ts";
import { useNow } from "../elements/now.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./deliveries.module.css";

const { deliveries: words } = texts;

/** Why, when, and what comes next. */
export function Outcome({ delivery: { state, reason, settledAt, waits } }: { delivery: ListedDelivery }) {
  if (waits) return <Waits of={waits} />;
  return (
    <>
      {reason && <bdi className={classes.reason}>{reason.title}</bdi>}
      {state === "accepted" && settledAt && (
        <span className={classes.answered}>
          <VisuallyHidden>{words.answered} </VisuallyHidden>
          {texts.time.short(new Date(settledAt))}
        </span>
      )}
    </>
  );
}

function Waits({ of }: { of: NonNullable<ListedDelivery["waits"]> }) {
  const now = useNow();
  const leftMs = of.nextTryAt === undefined ? undefined : Date.parse(of.nextTryAt) - now;
  const told = [
    words.tried(of.attempts),
    ...(leftMs === undefined ? [] : [leftMs > 0 ? words.nextTry(texts.time.relative(leftMs)) : words.nextTryNow]),
    words.until(new Date(of.deadlineAt)),
  ];
  return (
    <>
      {of.for && <bdi className={classes.reason}>{of.for.title}</bdi>}
      <span className={classes.details}>{words.waits(told)}</span>
    </>
  );
}
