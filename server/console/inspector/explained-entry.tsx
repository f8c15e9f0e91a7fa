import { VisuallyHidden } from "@mantine/core";
import type { ExplanationView } from "../../api/record.ts";
import { deliveryLooks } from "../deliveries/delivery-looks.ts";
import { toDo } from "../elements/fix.ts";
import { Icon, type IconName } from "../elements/icons.tsx";
import { Pill } from "../elements/pill.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./explained-entry.module.css";
import { InspectLink } from "./inspect-link.tsx";
import { Json } from "./json.tsx";
import { titleIn } from "./rule-title.ts";

type Entry = ExplanationView["entries"][number];
type Rule = Entry["rules"][number];

/** A stage that the record has entered: what became of it, what would become of it now, and each rule's answer. */
export function ExplainedEntry({ entry, open }: { entry: Entry; open: boolean }) {
  const texted = texts.record;
  const { ledger, delivery, next, ifNew, rules, payload } = entry;
  const state = delivery?.state ?? (ledger && ledger.outcome !== "event" ? "not_sent" : undefined);
  return (
    <li>
      <details className={classes.entry} open={open}>
        <summary>
          <bdi className={classes.stage}>{entry.eventName ?? entry.stageId}</bdi>
          <span className={classes.when}>
            {texts.time.exact(new Date(entry.enteredAt))}
            {entry.filled && ` · ${texted.filled}`}
          </span>
          {state && <Pill {...deliveryLooks[state]}>{texts.deliveries.states[state]}</Pill>}
        </summary>
        <ul className={classes.notes}>
          <li>
            {!ledger && texted.ledger.unread}
            {ledger && (ledger.title === undefined ? texted.ledger.event : texted.ledger.skip(ledger.title))}{" "}
            {delivery && (
              <InspectLink to={{ what: "delivery", dataset: delivery.datasetId, seq: delivery.seq }}>
                {texted.toDelivery}
              </InspectLink>
            )}
          </li>
          {next && <li>{next === "event" ? texted.next.event : texted.next.skip(titleIn(rules, next))}</li>}
          <li>
            {ifNew === undefined && texted.ifNew.unknown}
            {ifNew === "event" && texted.ifNew.event}
            {ifNew && ifNew !== "event" && texted.ifNew.skip(titleIn(rules, ifNew))}
          </li>
        </ul>
        <ol className={classes.rules} aria-label={texted.rules}>
          {rules.map((rule) => (
            <RuleAnswer key={rule.rule} rule={rule} />
          ))}
        </ol>
        {payload !== undefined && (
          <>
            <p className={classes.payload}>{texted.payload}</p>
            <Json text={payload} name={texted.payload} />
          </>
        )}
      </details>
    </li>
  );
}

const looks: Record<Rule["answer"], { icon: IconName; tone?: "live" | "problem" }> = {
  ok: { icon: "tick", tone: "live" },
  fails: { icon: "cross", tone: "problem" },
  unreached: { icon: "dash" },
};

function RuleAnswer({ rule: { rule, title, answer, fix } }: { rule: Rule }) {
  const { icon, tone } = looks[answer];
  const todo = answer === "fails" && toDo(fix);
  return (
    <li className={classes.rule} data-tone={tone} data-answer={answer}>
      <Icon name={icon} size={14} />
      <div>
        <VisuallyHidden>{texts.record.answers[answer]} </VisuallyHidden>
        {answer === "fails" ? title : (texts.record.holds[rule] ?? title)}
        {todo && <span className={classes.fix}>{texts.record.fix(todo)}</span>}
      </div>
    </li>
  );
}
