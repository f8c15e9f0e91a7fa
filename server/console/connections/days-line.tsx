import { useReconciliation } from "../api/answers.ts";
import { Icon } from "../elements/icons.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { InspectLink } from "../inspector/inspect-link.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./days-line.module.css";

/** Whether the connection's days add up with the CRM, and the way to them. */
export function DaysLine({ connection, name }: { connection: string; name: string }) {
  const { data, error, isFetching, refetch } = useReconciliation(connection);
  const texted = texts.days;
  const wrong = data?.days.some(({ addsUp }) => !addsUp);
  const line = !data ? "" : data.days.length === 0 ? texted.line.never : wrong ? texted.line.not : texted.line.addsUp;
  if (error && !data)
    return <Refusal what={texted.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />;
  return (
    <p className={classes.line} data-tone={wrong ? "waiting" : undefined}>
      {data && data.days.length > 0 && <Icon name={wrong ? "warning" : "tick"} size={14} />}
      <span>{line}</span>
      <InspectLink to={{ what: "days", connection }} label={texted.openOf(name)}>
        {texted.open}
      </InspectLink>
    </p>
  );
}
