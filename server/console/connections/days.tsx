import { Skeleton, VisuallyHidden } from "@mantine/core";
import type { ReconciliationView } from "../../api/operations.ts";
import type { ConnectionView } from "../../api/schema.ts";
import { useReconciliation } from "../api/answers.ts";
import { Absence } from "../elements/card.tsx";
import { Deeds } from "../elements/deeds.tsx";
import { Icon } from "../elements/icons.tsx";
import { Later } from "../elements/later.tsx";
import { Moment } from "../elements/moment.tsx";
import { Pill } from "../elements/pill.tsx";
import { Refusal } from "../elements/refusal.tsx";
import table from "../elements/table.module.css";
import { Drawer } from "../inspector/drawer.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./days.module.css";
import { CheckNow } from "./lane-deeds.tsx";

type Day = ReconciliationView["days"][number];

/** Per day of a connection: what the CRM has, what became of it, and whether that is all. */
export function Days({ id, connection }: { id: string; connection: ConnectionView | undefined }) {
  const { data, error, isFetching, refetch } = useReconciliation(id);
  const texted = texts.days;
  const about = connection && (
    <>
      {connection.crmName} · <bdi>{connection.name}</bdi>
    </>
  );
  return (
    <Drawer title={texted.title} about={about}>
      <p className={classes.about}>{texted.about}</p>
      {error && <Refusal what={texted.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />}
      {!data && !error && (
        <Later label={texted.loading}>
          <Skeleton h={320} />
        </Later>
      )}
      {data?.days.length === 0 && <Absence>{texted.empty}</Absence>}
      {data && data.days.length > 0 && <Table days={data.days} />}
      {connection && !connection.pausedCode && (
        <Deeds below>
          <CheckNow id={id} />
        </Deeds>
      )}
    </Drawer>
  );
}

function Table({ days }: { days: readonly Day[] }) {
  const texted = texts.days;
  const wrong = days.filter(({ addsUp }) => !addsUp).length;
  return (
    <>
      <p className={classes.sum} data-tone={wrong > 0 ? "waiting" : "live"}>
        <Icon name={wrong > 0 ? "warning" : "tick"} />
        <span>
          {wrong > 0 ? `${texted.notAll(wrong, days.length)} ${texted.notAllMeans}` : texted.allAddUp(days.length)}
        </span>
      </p>
      <table className={`${table.table} ${table.cards} ${table.named} ${classes.days}`}>
        <caption>
          <VisuallyHidden>{texted.caption}</VisuallyHidden>
        </caption>
        <thead>
          <tr>
            {(["day", "seen", "accepted", "waiting", "refused", "notSent", "missed", "result"] as const).map(
              (column) => (
                <th key={column} scope="col">
                  {texted[column]}
                </th>
              ),
            )}
          </tr>
        </thead>
        {days.map((day) => (
          <DayRows key={day.day} day={day} />
        ))}
      </table>
    </>
  );
}

function DayRows({ day }: { day: Day }) {
  const texted = texts.days;
  const notSent = day.notSent.reduce((sum, { count }) => sum + count, 0);
  const counts = { ...day, notSent };
  const off = day.seen - day.accepted - day.waiting - day.refused - notSent;
  const name = texts.time.utcDay(day.day);
  return (
    <tbody>
      <tr>
        <th scope="row">{name}</th>
        {(["seen", "accepted", "waiting", "refused", "notSent", "missed"] as const).map((column) => (
          <td key={column} data-label={texted[column]} data-none={counts[column] === 0 || undefined}>
            {texts.number(counts[column])}
          </td>
        ))}
        <td className={classes.result}>
          {day.addsUp ? (
            <Pill tone="live">{texted.addsUp}</Pill>
          ) : (
            <Pill tone="waiting" icon="warning">
              {off > 0 ? texted.short(off) : texted.over(-off)}
            </Pill>
          )}
        </td>
      </tr>
      <tr className={classes.more}>
        <td colSpan={8}>
          {day.notSent.length > 0 && (
            <ul className={classes.reasons} aria-label={texted.reasonsOf(name)}>
              {day.notSent.map(({ reason, title, count }) => (
                <li key={reason}>{texted.reason(count, title)}</li>
              ))}
            </ul>
          )}
          <span>
            {texted.compared} <Moment at={day.checkedAt} />
          </span>
        </td>
      </tr>
    </tbody>
  );
}
