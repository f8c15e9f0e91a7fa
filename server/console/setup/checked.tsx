import { Button } from "@mantine/core";
import type { SetupStepName } from "../../api/setup.ts";
import { Check, CheckList, checkLooks } from "../elements/check-list.tsx";
import { toDo } from "../elements/fix.ts";
import { Moment } from "../elements/moment.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import { useSetupCheck } from "./answers.ts";
import classes from "./setup.module.css";

const { check: words } = texts.setup;

interface Props {
  connection: string | undefined;
  steps: readonly SetupStepName[];
}

/** What the vendors say to it at this moment, beside what we know. */
export function Checked({ connection, steps }: Props) {
  const { data, error, isFetching, refetch } = useSetupCheck(connection, true);
  const checks = data?.checks.filter(({ step }) => steps.includes(step)) ?? [];
  if (error) return <Refusal what={words.failed} error={error} trying={isFetching} onAgain={() => void refetch()} />;
  return (
    <div role="status" aria-busy={isFetching || undefined}>
      <CheckList>
        {!data && (
          <Check icon="clock" tone="setup">
            <span className={classes.dim}>{words.looking}</span>
          </Check>
        )}
        {checks.map(({ step, state, words: said, fix }) => (
          <Check key={step} {...checkLooks[state]} state={state}>
            <bdi>{said}</bdi>
            {state !== "ok" && toDo(fix) && <span className={classes.fix}> {fix}</span>}
          </Check>
        ))}
      </CheckList>
      {data && (
        <p className={classes.checkedAt}>
          <Moment at={data.asOf} />{" "}
          <Button
            size="compact-xs"
            variant="default"
            aria-disabled={isFetching || undefined}
            onClick={() => isFetching || void refetch()}
          >
            {isFetching ? words.looking : words.again}
          </Button>
        </p>
      )}
    </div>
  );
}
