import type { Tone } from "../../api/schema.ts";
import { Icon, type IconName } from "../elements/icons.tsx";
import { Words } from "../elements/words.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./timeline.module.css";
import { type Run, type Step, timelineRuns } from "./timeline-runs.ts";

type RequestStep = Extract<Step, { what: "request" }>;

const verdicts: Record<RequestStep["verdict"], { tone: Tone; icon: IconName }> = {
  accepted: { tone: "live", icon: "tick" },
  retry: { tone: "waiting", icon: "again" },
  refused: { tone: "problem", icon: "cross" },
  unknown: { tone: "waiting", icon: "again" },
  blocked: { tone: "problem", icon: "pause" },
};
const others: Record<Exclude<Step["what"], "request">, { tone: Tone; icon: IconName }> = {
  changed: { tone: "setup", icon: "steps" },
  kept: { tone: "setup", icon: "tick" },
  set_aside: { tone: "paused", icon: "pause" },
  sent_again: { tone: "setup", icon: "again" },
  given_up: { tone: "problem", icon: "cross" },
};

/** All that has happened to an event, the oldest first, with the time between. */
export function Timeline({ timeline }: { timeline: readonly Step[] }) {
  const runs = timelineRuns(timeline);
  const before = new Map(timeline.map((step, n) => [step, timeline[n - 1]]));
  const item = (step: Step) => <Item key={keyOf(step)} step={step} before={before.get(step)} />;
  return (
    <ol className={classes.timeline}>
      {runs.flatMap(({ first, folded, last }: Run) => [
        item(first),
        ...(folded.length > 0
          ? [
              <li key={`folded ${keyOf(first)}`} className={classes.folded}>
                <details>
                  <summary>{texts.delivery.folded(folded.length)}</summary>
                  <ol className={classes.timeline}>{folded.map(item)}</ol>
                </details>
              </li>,
            ]
          : []),
        ...(last ? [item(last)] : []),
      ])}
    </ol>
  );
}

const keyOf = (step: Step): string =>
  [step.what, step.at, ...("seq" in step ? [step.seq] : []), ...("traceId" in step ? [step.traceId] : [])].join(" ");

function Item({ step, before }: { step: Step; before: Step | undefined }) {
  const texted = texts.delivery;
  const look = step.what === "request" ? verdicts[step.verdict] : others[step.what];
  const at = new Date(step.at);
  const gapMs = before && at.getTime() - new Date(before.at).getTime();
  return (
    <li className={classes.step} data-tone={look.tone}>
      <span className={classes.dot}>
        <Icon name={look.icon} size={12} />
      </span>
      <div className={classes.words}>
        <p className={classes.what}>
          <span>{step.what === "request" ? texted.verdicts[step.verdict] : texted.steps[step.what]}</span>
          <time className={classes.when} dateTime={step.at} title={texts.time.full(at)}>
            {texts.time.exact(at)} {gapMs !== undefined && gapMs > 0 && texted.later(gapMs)}
          </time>
        </p>
        <Details step={step} />
      </div>
    </li>
  );
}

function Details({ step }: { step: Step }) {
  const texted = texts.delivery;
  switch (step.what) {
    case "changed":
      return null;
    case "kept":
    case "set_aside":
    case "sent_again":
      return <p className={classes.facts}>{texted.number(step.seq)}</p>;
    case "request": {
      const sent = step.verdict === "unknown" ? texted.noAnswer : texted.request;
      return (
        <>
          {step.reason && <p className={classes.reason}>{step.reason.title}</p>}
          <p className={classes.facts}>
            <span>{sent(step.events - 1, step.tookMs)}</span>
            {step.status !== null && <span>{texted.status(step.status)}</span>}
            <Codes {...step} />
          </p>
          {step.words && <Words of={texted.words}>{step.words}</Words>}
        </>
      );
    }
    case "given_up":
      return (
        <>
          <p className={classes.reason}>{step.reason.title}</p>
          <p className={classes.facts}>
            <Codes {...step} />
          </p>
          {step.words && <Words of={texted.words}>{step.words}</Words>}
        </>
      );
  }
}

function Codes({ code, subcode, traceId }: Pick<RequestStep, "code" | "subcode" | "traceId">) {
  const texted = texts.delivery;
  return (
    <>
      {code !== null && <span>{texted.code(code, subcode)}</span>}
      {traceId && (
        <span>
          {texted.trace} <bdi className={classes.id}>{traceId}</bdi>
        </span>
      )}
    </>
  );
}
