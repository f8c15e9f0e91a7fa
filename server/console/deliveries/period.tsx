import { useState } from "react";
import form from "../elements/form/form.module.css";
import { Labelled } from "../elements/form/labelled.tsx";
import { useNow } from "../elements/now.tsx";
import { changeSearch } from "../route/search.ts";
import { texts } from "../texts/texts.ts";
import { Choose } from "./choose.tsx";
import classes from "./filters.module.css";

const { deliveries: words } = texts;
const dayMs = 86_400_000;

interface Props {
  from: string | undefined;
  to: string | undefined;
}

/** When it was read. The address holds instants, so that a link shows the same to everybody. */
export function Period({ from, to }: Props) {
  const [choosing, choose] = useState(false);
  const now = useNow();
  const set = from !== undefined || to !== undefined;
  const since = (ms: number): string => new Date(Math.floor((now - ms) / 60_000) * 60_000).toISOString();
  const told = set ? [{ choices: [{ value: "set", label: wordsOf(from, to) }] }] : [];
  const presets = [
    { value: "day", label: words.lastDay },
    { value: "week", label: words.lastWeek },
    { value: "days", label: words.chooseDays },
  ];
  return (
    <>
      <Choose
        label={words.period}
        all={words.anyTime}
        value={choosing ? "days" : set ? "set" : undefined}
        groups={[...told, { choices: presets }]}
        onChoose={(value) => {
          choose(value === "days");
          if (value === "day") changeSearch({ from: since(dayMs), to: undefined });
          else if (value === "week") changeSearch({ from: since(7 * dayMs), to: undefined });
          else if (value === undefined) changeSearch({ from: undefined, to: undefined });
        }}
      />
      {choosing && (
        <>
          <Day label={words.fromDay} at={from} onChange={(day) => changeSearch({ from: day && startOf(day, 0) })} />
          <Day
            label={words.toDay}
            at={to && new Date(Date.parse(to) - 1).toISOString()}
            onChange={(day) => changeSearch({ to: day && startOf(day, 1) })}
          />
        </>
      )}
    </>
  );
}

function Day({ label, at, onChange }: { label: string; at: string | undefined; onChange: (day: string) => void }) {
  return (
    <Labelled label={label} className={classes.filter}>
      {(control) => (
        <input
          {...control}
          type="date"
          className={form.input}
          value={at ? localDay(new Date(at)) : ""}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Labelled>
  );
}

function wordsOf(from: string | undefined, to: string | undefined): string {
  const [begin, end] = [from, to].map((at) => (at === undefined ? undefined : new Date(at)));
  if (begin && end) return words.between(begin, end);
  return begin ? words.since(begin) : end ? words.before(end) : words.anyTime;
}

/** Midnight of the day, or of one after it, where the reader is. */
function startOf(day: string, after: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + after).toISOString();
}

const localDay = (at: Date): string =>
  [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
