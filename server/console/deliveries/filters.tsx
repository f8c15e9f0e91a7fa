import { Button } from "@mantine/core";
import { useState } from "react";
import type { DeliveriesFilter, DeliveryChoices } from "../../api/deliveries.ts";
import { Unread } from "../elements/unread.tsx";
import { Link } from "../route/link.tsx";
import { changeSearch, hrefWith } from "../route/search.ts";
import { useOverview } from "../shell/overview.ts";
import { texts } from "../texts/texts.ts";
import { useChoices } from "./answers.ts";
import { Choose, type Group } from "./choose.tsx";
import { cleared, isNarrowed, steps } from "./filter.ts";
import classes from "./filters.module.css";
import { Period } from "./period.tsx";
import { SearchField } from "./search-field.tsx";

const { deliveries: words } = texts;

/** What narrows the list, kept in the address. Only what there is can be chosen. */
export function Filters({ filter }: { filter: DeliveriesFilter }) {
  const { connections, datasets } = useOverview();
  const { data: choices, dataUpdatedAt, error, isFetching, refetch } = useChoices();
  // On a phone they are folded away, unless somebody comes by a link that narrows the list.
  const [open, show] = useState(isNarrowed(filter));
  const accounts = connections.map(({ id, crmName, name }) => ({ value: id, label: `${crmName} · ${name}` }));
  // Who waits, or was accepted, has no reason and has come as far as its state says.
  const leftBehind = filter.state === undefined || ["refused", "not_sent"].includes(filter.state);
  const places = datasets.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <search className={classes.filters} aria-label={words.filters} data-open={open || undefined}>
      <SearchField key={filter.q} q={filter.q} />
      <span className={classes.toggle}>
        <Button size="compact-sm" variant="default" aria-expanded={open} onClick={() => show(!open)}>
          {open ? words.hideFilters : words.showFilters}
        </Button>
      </span>
      {(accounts.length > 1 || filter.connection) && (
        <Choose
          label={words.account}
          all={words.everyAccount}
          value={filter.connection}
          groups={[{ choices: accounts }]}
          onChoose={(connection) => changeSearch({ connection, pipeline: undefined, stage: undefined })}
        />
      )}
      {(places.length > 1 || filter.dataset) && (
        <Choose
          label={words.dataset}
          all={words.everyDataset}
          value={filter.dataset}
          groups={[{ choices: places }]}
          onChoose={(dataset) => changeSearch({ dataset })}
        />
      )}
      <Choose
        label={words.stageFilter}
        all={words.everyStage}
        value={stageOf(filter)}
        groups={stagesOf(choices, filter)}
        onChoose={(chosen) => {
          const [connection, pipeline, stage] = chosen ? (JSON.parse(chosen) as (string | undefined)[]) : [];
          changeSearch({ connection: connection ?? filter.connection, pipeline, stage });
        }}
      />
      {(leftBehind || filter.step) && (
        <Choose
          label={words.step}
          all={words.anyStep}
          value={filter.step}
          groups={[{ choices: steps.map((step) => ({ value: step, label: words.steps[step] })) }]}
          onChoose={(step) => changeSearch({ step })}
        />
      )}
      {leftBehind && (
        <Choose
          label={words.reason}
          all={words.everyReason}
          value={filter.reason}
          groups={reasonsOf(choices, filter)}
          onChoose={(reason) => changeSearch({ reason })}
        />
      )}
      {filter.event !== undefined && (
        <Choose
          label={words.sentAsFilter}
          all={words.anyName}
          value={filter.event}
          groups={[{ choices: [{ value: filter.event, label: filter.event }] }]}
          onChoose={(event) => changeSearch({ event })}
        />
      )}
      <Period from={filter.from} to={filter.to} />
      <Unread
        what={choices ? words.choicesOld(texts.time.clock(new Date(dataUpdatedAt))) : words.choicesFailed}
        error={error}
        trying={isFetching}
        onAgain={() => void refetch()}
      />
      {isNarrowed(filter) && (
        <span className={classes.clear}>
          <Link to={hrefWith({ ...cleared, state: filter.state })}>{words.clear}</Link>
        </span>
      )}
    </search>
  );
}

const stageOf = ({ connection, pipeline, stage }: DeliveriesFilter): string | undefined =>
  stage === undefined && pipeline === undefined ? undefined : JSON.stringify([connection, pipeline, stage]);

/** By pipeline; a stage that no mapping knows any more is told by its id. */
function stagesOf(choices: DeliveryChoices | undefined, filter: DeliveriesFilter): readonly Group[] {
  const wanted =
    choices?.stages.filter(({ connectionId }) => (filter.connection ?? connectionId) === connectionId) ?? [];
  const groups = [
    ...Map.groupBy(wanted, ({ connectionId, pipelineId }) => `${connectionId}/${pipelineId}`).values(),
  ].map(
    (stages): Group => ({
      label: stages[0]?.pipeline ?? "",
      choices: stages.map(({ connectionId, pipelineId, stageId, stage }) => ({
        value: JSON.stringify([connectionId, pipelineId, stageId]),
        label: stage,
      })),
    }),
  );
  const value = stageOf(filter);
  const known = groups.some((group) => group.choices.some((choice) => choice.value === value));
  if (value === undefined || known) return groups;
  const told =
    filter.stage ?? wanted.find(({ pipelineId }) => pipelineId === filter.pipeline)?.pipeline ?? filter.pipeline;
  return [{ choices: [{ value, label: told ?? "" }] }, ...groups];
}

function reasonsOf(choices: DeliveryChoices | undefined, { state, reason }: DeliveriesFilter): readonly Group[] {
  const of = (refused: boolean): Group => ({
    label: refused ? words.states.refused : words.states.not_sent,
    choices: (choices?.reasons ?? [])
      .filter((one) => one.refused === refused)
      .map(({ code, title }) => ({ value: code, label: title })),
  });
  const groups = [...(state === "refused" ? [] : [of(false)]), ...(state === "not_sent" ? [] : [of(true)])];
  const known = groups.some((group) => group.choices.some(({ value }) => value === reason));
  if (reason === undefined || known) return groups;
  const codes = reason.split(",");
  const label = codes.length > 1 ? words.reasons(codes.length) : reason;
  return [{ choices: [{ value: reason, label }] }, ...groups];
}
