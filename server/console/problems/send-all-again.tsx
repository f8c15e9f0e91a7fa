import { useState } from "react";
import type { problemRedriven } from "../../api/operations.ts";
import { type AnswerOf, type Ask, useDeed } from "../api/deed.ts";
import { Confirming, Means } from "../elements/confirming.tsx";
import { DeedButton } from "../elements/deed-button.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { texts } from "../texts/texts.ts";
import type { Problem } from "./problem-words.ts";
import classes from "./send-all-again.module.css";

type As = "it_was" | "rebuilt";
type Counts = Pick<AnswerOf<typeof problemRedriven>, "taken" | "tooOld" | "heldBack" | "unknown">;

/** Every event of a problem, as it was or as it would be now. */
export function SendAllAgain({ problem, onDone }: { problem: Problem; onDone: (words: string) => void }) {
  const { id, affected, title } = problem;
  const texted = texts.sendAgain.all;
  const [soFar, tell] = useState(0);
  const send = useDeed(
    (ask, as: As) => sendAll(ask, `/problems/${encodeURIComponent(id)}/redrive`, as, tell),
    (counts) => texted.done(counts, title),
    (counts) => onDone(texted.done(counts, title)),
  );
  const button = (as: As, name: string, meaning: string, close: () => void) => (
    <div className={classes.choice}>
      <DeedButton
        variant={recommended(problem.code) === as ? "filled" : "default"}
        busy={send.variables === as ? texted.busy : name}
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
      trigger={texted.open(affected)}
      variant="filled"
      question={texted.question(affected)}
      cancel={texted.cancel}
    >
      {(close) => (
        <>
          <div className={classes.choices}>
            {button("rebuilt", texted.rebuilt, texted.rebuiltMeans, close)}
            {button("it_was", texted.asItWas, texted.asItWasMeans, close)}
          </div>
          {(send.isPending || send.error) && soFar > 0 && <Means>{texted.soFar(soFar)}</Means>}
          {send.error && <Refusal what={texted.failed} error={send.error} />}
        </>
      )}
    </Confirming>
  );
}

/** What Meta stumbled over or did not confirm was right as it was; what it refused was not. */
const recommended = (code: string): As => (["refused_again", "unconfirmed"].includes(code) ? "it_was" : "rebuilt");

/** The server takes as many as it can within its time, and says where to go on. */
async function sendAll(ask: Ask, path: string, as: As, tell: (taken: number) => void): Promise<Counts> {
  const sum = { taken: 0, tooOld: 0, heldBack: 0, unknown: 0 };
  for (let after: number | undefined = 0; after !== undefined; ) {
    const { next, ...some }: AnswerOf<typeof problemRedriven> = await ask(path, { as, after });
    for (const what of ["taken", "tooOld", "heldBack", "unknown"] as const) sum[what] += some[what];
    tell(sum.taken);
    after = next;
  }
  return sum;
}
