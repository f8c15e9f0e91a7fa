import type { TaskView } from "../../api/tasks.ts";
import { useDeed } from "../api/deed.ts";
import { Confirming, Means } from "../elements/confirming.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import type { Problem } from "./answers.ts";
import classes from "./send-all-again.module.css";

type As = "it_was" | "rebuilt";

const { all: words } = texts.sendAgain;

/** Every event of a problem, as it was or as it would be now: begun here, and done whether or not anybody watches. */
export function SendAllAgain({ problem, estimateMs }: { problem: Problem; estimateMs: number | undefined }) {
  const { id, affected, code } = problem;
  const send = useDeed(
    (ask, as: As) => ask<TaskView>(`/problems/${encodeURIComponent(id)}/redrive`, { as }),
    () => words.begun,
  );
  const button = (as: As, name: string, meaning: string, close: () => void) => (
    <div className={classes.choice}>
      <DeedButton
        variant={recommended(code) === as ? "filled" : "default"}
        busy={send.variables === as ? words.busy : name}
        doing={send.isPending}
        onDo={() => send.mutate(as, { onSuccess: close })}
      >
        {name}
      </DeedButton>
      <span className={classes.meaning}>{meaning}</span>
    </div>
  );
  return (
    <Confirming
      trigger={words.open(affected)}
      variant="filled"
      question={words.question(affected)}
      cancel={words.cancel}
    >
      {(close) => (
        <>
          <div className={classes.choices}>
            {button("rebuilt", words.rebuilt, words.rebuiltMeans, close)}
            {button("it_was", words.asItWas, words.asItWasMeans, close)}
          </div>
          {estimateMs !== undefined && (
            <Means>{estimateMs < 5_000 ? words.atOnce : words.takes(texts.time.span(estimateMs))}</Means>
          )}
          {send.error && <Refusal what={words.failed} error={send.error} />}
        </>
      )}
    </Confirming>
  );
}

/** What Meta stumbled over or did not confirm was right as it was; what it refused was not. */
const recommended = (code: string): As => (["refused_again", "unconfirmed"].includes(code) ? "it_was" : "rebuilt");
