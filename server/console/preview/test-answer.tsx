import { useEffect, useRef } from "react";
import type { Tone } from "../../api/schema.ts";
import type { TestEventAnswer } from "../../api/test-event.ts";
import { CopyButton } from "../elements/copy-button.tsx";
import { toDo } from "../elements/fix.ts";
import { Icon, toneIcons } from "../elements/icons.tsx";
import { Fact, Facts } from "../elements/place.tsx";
import { Words } from "../elements/words.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./preview.module.css";

const { test: words } = texts.preview;
const tones: Readonly<Record<TestEventAnswer["outcome"], Tone>> = {
  accepted: "live",
  rejected: "problem",
  not_taken: "waiting",
  no_answer: "waiting",
};

/** What Meta said to a test event: its own words, and our reading of them. */
export function TestAnswer({ answer, simulated }: { answer: TestEventAnswer; simulated: boolean }) {
  const { outcome, at, tookMs, dataset, eventId, eventsManager, traceId, received, messages, field, reading } = answer;
  const { status, code, subcode } = answer;
  const trace = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const tone = tones[outcome];
  const { title, lead } = words.outcomes[outcome];
  const todo = toDo(reading?.fix);
  // The answer is what was waited for; each new one is gone to.
  useEffect(() => {
    if (at) heading.current?.focus();
  }, [at]);
  return (
    <section className={classes.answer} data-tone={tone} data-outcome={outcome} aria-label={title}>
      <h4 className={classes.outcome} tabIndex={-1} ref={heading}>
        <Icon name={toneIcons[tone]} size={18} />
        {title}
      </h4>
      <p className={classes.told}>{lead}</p>
      {answer.words !== null && <Words of={words.words}>{answer.words}</Words>}
      {reading && (
        <div className={classes.reading}>
          <p className={classes.told}>
            <strong>{reading.title}.</strong> {reading.effect}
          </p>
          {todo && <p className={classes.told}>{texts.record.fix(todo)}</p>}
        </div>
      )}
      <Facts>
        <Fact term={words.to} wide>
          <bdi>{dataset.name}</bdi> · {dataset.metaId}
        </Fact>
        <Fact term={words.at}>
          {texts.time.clock(new Date(at))}, {words.took(texts.time.span(tookMs))}
        </Fact>
        {received !== null && <Fact term={words.received}>{texts.number(received)}</Fact>}
        {code !== null && <Fact term={words.codes}>{words.coded(status, code, subcode)}</Fact>}
        {field !== null && (
          <Fact term={words.field}>
            <code>{field}</code>
          </Fact>
        )}
        <Fact term={words.eventId} wide>
          <code>{eventId}</code>
        </Fact>
        {traceId !== null && (
          <Fact term={words.trace} wide>
            <span className={classes.trace}>
              <code ref={trace}>{traceId}</code> <CopyButton text={traceId} shown={trace} />
            </span>
          </Fact>
        )}
      </Facts>
      {messages.length > 0 && <Words of={words.messages}>{messages.join("\n")}</Words>}
      <p className={classes.told}>
        <a href={eventsManager} target="_blank" rel="noreferrer">
          {simulated ? words.simulated : words.eventsManager}
        </a>
      </p>
    </section>
  );
}
