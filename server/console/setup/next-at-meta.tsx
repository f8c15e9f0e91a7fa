import { Checkbox } from "@mantine/core";
import type { SetupMarkName, SetupView } from "../../api/setup.ts";
import { Mark } from "../elements/mark.tsx";
import { useNow } from "../elements/now.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { useMay } from "../session/session.ts";
import { texts } from "../texts/texts.ts";
import { useMark } from "./answers.ts";
import classes from "./next-at-meta.module.css";

const { after: words } = texts.setup;
const dayMs = 86_400_000;

/**
 * Days after going live, roughly: Meta's platform guide names a week of events, then two to four weeks or more of learning, and
 * one to two months until the full effect ("Conversion Leads for CRM platforms").
 */
const steps = [
  { step: "week", from: 0, to: 7 },
  { step: "meta_funnel", from: 7, to: 10 },
  { step: "meta_learning", from: 10, to: 38 },
  { step: "meta_campaign", from: 38, to: 60 },
] as const;

interface Props {
  connection: string;
  /** When it went live. */
  from: Date;
  marks: SetupView["marks"];
}

/** The weeks after going live, with dates; what we cannot see is ticked off by hand. */
export function NextAtMeta({ connection, from, marks }: Props) {
  const may = useMay("admin");
  const mark = useMark(connection);
  const now = useNow();
  const at = (days: number): string => texts.time.day(new Date(from.getTime() + days * dayMs));
  return (
    <section aria-labelledby="next-at-meta">
      <h3 className={classes.title} id="next-at-meta">
        {words.title}
      </h3>
      <p className={classes.lead}>{words.lead}</p>
      <ol className={classes.steps}>
        {steps.map(({ step, from: first, to }) => {
          const { name, note } = words.steps[step];
          const ticked = step === "week" ? now >= from.getTime() + to * dayMs : isMarked(step, marks);
          return (
            <li key={step} className={classes.step}>
              {step === "week" ? (
                <Mark icon={ticked ? "tick" : "clock"} tone={ticked ? "live" : "setup"} />
              ) : (
                <Checkbox
                  aria-label={words.tick(name)}
                  checked={ticked}
                  disabled={!may || mark.isPending}
                  onChange={({ currentTarget }) =>
                    mark.mutate({ mark: step, as: currentTarget.checked ? "done" : "open" })
                  }
                />
              )}
              <div>
                <p className={classes.name}>
                  {name} <span className={classes.when}>{words.around(at(first), at(to))}</span>
                </p>
                <p className={classes.note}>{note}</p>
              </div>
            </li>
          );
        })}
      </ol>
      {mark.error && <Refusal what={words.failed} error={mark.error} />}
      <p className={classes.note}>
        <a href="https://business.facebook.com/events_manager2" target="_blank" rel="noreferrer">
          {words.link}
        </a>
      </p>
    </section>
  );
}

const isMarked = (step: SetupMarkName, marks: SetupView["marks"]): boolean =>
  marks.some(({ mark, how }) => mark === step && how === "done");
