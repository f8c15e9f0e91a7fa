import type { CSSProperties } from "react";
import type { LossesView, LossView, StepView } from "../../api/figures.ts";
import { Absence, Card } from "../elements/card.tsx";
import { Link } from "../route/link.tsx";
import { texts } from "../texts/texts.ts";
import { Change } from "./change.tsx";
import type { Choice } from "./choice.ts";
import { type Chosen, rowsHref } from "./links.ts";
import classes from "./losses.module.css";

const { figures: words } = texts;
const { losses: said } = words;

interface Props {
  losses: LossesView;
  chosen: Chosen;
  choice: Choice;
}

/** How far stage changes came on their way to Meta. Each number leads to its rows. */
export function Losses({ losses, chosen, choice }: Props) {
  const read = losses.steps[0]?.count ?? 0;
  const ever = read + (losses.steps[0]?.before ?? 0) > 0;
  return (
    <Card title={said.title} aside={<Apart losses={losses} chosen={chosen} />}>
      {read === 0 && (
        <Absence>
          {ever ? said.quiet(words.range.ranges[choice.range]) : `${said.empty} ${said.emptyExplained}`}
        </Absence>
      )}
      <ol className={classes.steps} aria-label={said.caption}>
        {losses.steps.map((step) => (
          <Step key={step.step} step={step} read={read} chosen={chosen} choice={choice} />
        ))}
      </ol>
    </Card>
  );
}

function Step({ step, read, chosen, choice }: { step: StepView; read: number; chosen: Chosen; choice: Choice }) {
  const { count, before } = step;
  const name = said.steps[step.step];
  const share = texts.share(count, read);
  const number = choice.display === "share" ? share : texts.number(count);
  return (
    <li className={classes.step} data-step={step.step}>
      <span className={classes.name}>{name}</span>
      <span className={classes.line}>
        <Link to={rowsHref(chosen, step.filter)} className={classes.number} label={said.open(number, name)}>
          {number}
        </Link>
        <Change now={count} before={before} range={choice.range} />
      </span>
      <span className={classes.second}>
        {read > 0 && step.step !== "read" && (choice.display === "share" ? texts.number(count) : said.share(share))}
      </span>
      <span className={classes.column} aria-hidden="true">
        <span className={classes.fill} style={{ "--size": sizeOf(count, read) } as CSSProperties} />
      </span>
      {step.losses.length > 0 && (
        <ul className={classes.losses} aria-label={said.lostHere}>
          {step.losses
            .filter((loss) => loss.count > 0)
            .map((loss) => (
              <Loss key={loss.reason} loss={loss} read={read} chosen={chosen} choice={choice} />
            ))}
        </ul>
      )}
    </li>
  );
}

function Loss({ loss, read, chosen, choice }: { loss: LossView; read: number; chosen: Chosen; choice: Choice }) {
  const { title, count, filter } = loss;
  const shown = choice.display === "share" ? `−${texts.share(count, read)}` : said.lost(count);
  return (
    <li className={classes.loss} data-tone={filter.state === "refused" ? "problem" : undefined}>
      <Link to={rowsHref(chosen, filter)} label={said.open(shown, title)}>
        {shown}
      </Link>{" "}
      <bdi>{title}</bdi>
    </li>
  );
}

/** What is in no step: it waits, or it was there before. */
function Apart({ losses: { waiting, earlier }, chosen }: { losses: LossesView; chosen: Chosen }) {
  return (
    <span className={classes.apart}>
      {waiting.count > 0 && (
        <Link to={rowsHref(chosen, waiting.filter)}>
          <span title={said.waitingExplained}>{said.waiting(waiting.count)}</span>
        </Link>
      )}
      {earlier.count > 0 && (
        <Link to={rowsHref(chosen, earlier.filter)}>
          <span title={said.earlierExplained}>{said.earlier(earlier.count)}</span>
        </Link>
      )}
    </span>
  );
}

/** A few are seen too. */
const sizeOf = (count: number, read: number): string =>
  count === 0 || read === 0 ? "0%" : `${Math.max(1.5, Math.min(100, (count / read) * 100))}%`;
