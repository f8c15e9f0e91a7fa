import { Tabs, VisuallyHidden } from "@mantine/core";
import type { Figures, FunnelFigures, ShareView, StageFigures } from "../../api/figures.ts";
import { Bar } from "../elements/bar.tsx";
import { Absence, Card } from "../elements/card.tsx";
import { Link } from "../route/link.tsx";
import { texts } from "../texts/texts.ts";
import { Change } from "./change.tsx";
import { type Choice, choose } from "./choice.ts";
import classes from "./funnels.module.css";
import { type Chosen, rowsHref } from "./links.ts";

const { figures: words } = texts;
const { funnel: said } = words;

/** Below so many leads a rate says little. */
const enough = 20;

/** What Meta accepted, stage by stage, and how many leads went on; one pipeline at a time, the fullest first. */
export function Funnels({ figures, choice }: { figures: Figures; choice: Choice }) {
  const funnels = figures.funnels.toSorted((a, b) => sizeOf(b) - sizeOf(a));
  const filled = funnels.filter((funnel) => sizeOf(funnel) > 0);
  const offered = filled.length > 0 ? filled : funnels.slice(0, 1);
  const shown = offered.find((funnel) => keyOf(funnel) === choice.funnel) ?? offered[0];
  const few = shown?.stages.some(({ next }) => next && next.of > 0 && next.of < enough);
  const table = shown && (
    <Funnel
      funnel={shown}
      name={namesOf(shown, figures).join(", ")}
      chosen={{ ...figures, connection: shown.connectionId, pipeline: shown.pipelineId }}
      choice={choice}
    />
  );
  return (
    <Card title={said.title} aside={said.explained(words.range.before[choice.range])}>
      {!shown && <Absence>{said.empty}</Absence>}
      {shown && offered.length === 1 && table}
      {shown && offered.length > 1 && (
        <Tabs value={keyOf(shown)} onChange={(funnel) => choose({ funnel: funnel ?? "" })} keepMounted={false}>
          <Tabs.List aria-label={said.pipelines} className={classes.tabs}>
            {offered.map((funnel) => (
              <Tabs.Tab key={keyOf(funnel)} value={keyOf(funnel)}>
                <Name of={namesOf(funnel, figures)} />
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={keyOf(shown)}>{table}</Tabs.Panel>
        </Tabs>
      )}
      {shown && figures.sample.of > 0 && (
        <p className={classes.note}>
          {words.coverage.sample(figures.sample.count, figures.sample.of)}. {few && said.few}
        </p>
      )}
    </Card>
  );
}

const sizeOf = ({ stages }: FunnelFigures): number =>
  stages.reduce((all, { accepted, before }) => all + accepted + before, 0);
const keyOf = ({ connectionId, pipelineId }: FunnelFigures): string => `${connectionId}/${pipelineId}`;

/** Its CRM, or the account where another of the same CRM is there, and its pipeline where the account has several. */
function namesOf({ connectionId, pipelineId }: FunnelFigures, { connections }: Figures): readonly string[] {
  const account = connections.find(({ id }) => id === connectionId);
  // An account that is gone meanwhile is known by nothing else.
  if (!account) return [pipelineId];
  const alone = connections.filter(({ crmName }) => crmName === account.crmName).length === 1;
  const pipeline = account.pipelines.length > 1 && account.pipelines.find(({ id }) => id === pipelineId);
  return [alone ? account.crmName : account.name || account.crmName, ...(pipeline ? [pipeline.label] : [])];
}

function Name({ of: [account, pipeline] }: { of: readonly string[] }) {
  return (
    <span className={classes.tab}>
      <bdi>{account}</bdi>
      {pipeline !== undefined && <bdi className={classes.account}>{pipeline}</bdi>}
    </span>
  );
}

interface Props {
  funnel: FunnelFigures;
  name: string;
  chosen: Chosen;
  choice: Choice;
}

function Funnel({ funnel: { stages }, name, chosen, choice }: Props) {
  const most = Math.max(1, ...stages.map(({ accepted, before }) => Math.max(accepted, before)));
  return (
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
