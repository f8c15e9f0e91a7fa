import { VisuallyHidden } from "@mantine/core";
import type { Figures, FunnelFigures, ShareView, StageFigures } from "../../api/figures.ts";
import { Bar } from "../elements/bar.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { Link } from "../route/link.tsx";
import { texts } from "../texts/texts.ts";
import { Change } from "./change.tsx";
import type { Choice } from "./choice.ts";
import classes from "./funnels.module.css";
import { type Chosen, rowsHref } from "./links.ts";

const { figures: words } = texts;
const { funnel: said } = words;

/** Below so many leads a rate says little. */
const enough = 20;

/** What Meta accepted, stage by stage, and how many leads went on. */
export function Funnels({ figures, choice }: { figures: Figures; choice: Choice }) {
  const { funnels, connections, sample } = figures;
  const seen = funnels.filter(({ stages }) => stages.some(({ accepted, before }) => accepted + before > 0));
  const shown = seen.length > 0 ? seen : funnels.slice(0, 1);
  const few = shown.some(({ stages }) => stages.some(({ next }) => next && next.of > 0 && next.of < enough));
  return (
    <Card title={said.title} aside={said.explained(words.range.before[choice.range])}>
      {shown.length === 0 && <Absence>{said.empty}</Absence>}
      <div className={classes.funnels}>
        {shown.map((funnel) => (
          <Funnel
            key={`${funnel.connectionId} ${funnel.pipelineId}`}
            funnel={funnel}
            account={connections.find(({ id }) => id === funnel.connectionId)}
            chosen={{ ...figures, connection: funnel.connectionId, pipeline: funnel.pipelineId }}
            choice={choice}
          />
        ))}
      </div>
      {shown.length > 0 && sample.of > 0 && (
        <p className={classes.note}>
          {words.coverage.sample(sample.count, sample.of)}. {few && said.few}
        </p>
      )}
    </Card>
  );
}

interface Props {
  funnel: FunnelFigures;
  account: Figures["connections"][number] | undefined;
  chosen: Chosen;
  choice: Choice;
}

function Funnel({ funnel: { pipelineId, stages }, account, chosen, choice }: Props) {
  const most = Math.max(1, ...stages.map(({ accepted, before }) => Math.max(accepted, before)));
  const name = account ? `${account.crmName}, ${account.name}` : "";
  return (
    <div className={classes.funnel}>
      <h3 className={classes.name}>
        <bdi>{account?.crmName}</bdi>{" "}
        <span className={classes.account}>
          <bdi>{account?.name}</bdi>
        </span>
        {account && account.pipelines.length > 1 && (
          <span className={classes.account}>
            <bdi>{said.pipeline(pipelineId)}</bdi>
          </span>
        )}
      </h3>
      <table className={classes.table}>
        <caption>
          <VisuallyHidden>{said.caption(name)}</VisuallyHidden>
        </caption>
        <thead>
          <tr>
            <th scope="col">{said.stage}</th>
            <th scope="col">{said.accepted}</th>
            <th scope="col" className={classes.wide}>
              {said.before}
            </th>
            <th scope="col">{said.next}</th>
          </tr>
        </thead>
        <tbody>
          {stages.map((stage) => (
            <Stage key={stage.stageId} stage={stage} most={most} chosen={chosen} choice={choice} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Stage({ stage, most, chosen, choice }: { stage: StageFigures; most: number; chosen: Chosen; choice: Choice }) {
  const { stageId, eventName, accepted, before, next } = stage;
  return (
    <tr>
      <th scope="row">
        <bdi className={classes.stage}>{eventName}</bdi>
        <Bar to={accepted / most} look="good" />
      </th>
      <td>
        <Link
          to={rowsHref(chosen, { state: "accepted", stage: stageId })}
          className={classes.number}
          label={words.losses.open(texts.number(accepted), eventName)}
        >
          {texts.number(accepted)}
        </Link>
        <Change now={accepted} before={before} range={choice.range} />
      </td>
      <td className={classes.wide}>{texts.number(before)}</td>
      <td className={classes.next}>{next && <Next {...next} />}</td>
    </tr>
  );
}

function Next({ count, of }: ShareView) {
  if (of === 0) return texts.none;
  return <span title={said.ofLeads(count, of)}>{of < enough ? said.counts(count, of) : said.rate(count, of)}</span>;
}
