import { Button } from "@mantine/core";
import type { Tone } from "../../api/schema.ts";
import type { SetupCheck, SetupStepName } from "../../api/setup.ts";
import { Icon, type IconName } from "../elements/icons.tsx";
import { Moment } from "../elements/moment.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import { useSetupCheck } from "./answers.ts";
import classes from "./setup.module.css";

const { check: words } = texts.setup;
const looks: Readonly<Record<SetupCheck["checks"][number]["state"], { icon: IconName; tone: Tone }>> = {
  ok: { icon: "tick", tone: "live" },
  failed: { icon: "cross", tone: "problem" },
  unseen: { icon: "dash", tone: "waiting" },
};

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
      <ul className={classes.checks}>
        {!data && (
          <li>
            <span className={classes.mark} data-tone="setup">
              <Icon name="clock" size={14} />
            </span>
            <span className={classes.dim}>{words.looking}</span>
          </li>
        )}
        {checks.map(({ step, state, words: said, fix }) => (
          <li key={step} data-state={state}>
            <span className={classes.mark} data-tone={looks[state].tone}>
              <Icon name={looks[state].icon} size={14} />
            </span>
            <span>
              <bdi>{said}</bdi>
              {state !== "ok" && fix && !fix.startsWith("None") && <span className={classes.fix}> {fix}</span>}
            </span>
          </li>
        ))}
      </ul>
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
