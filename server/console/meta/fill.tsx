import { useMutation } from "@tanstack/react-query";
import { DeedButton } from "../elements/deed-button.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { useSay } from "../elements/saying.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./meta.module.css";

const { paste: words } = texts.meta;

/** What one copies from Events Manager. */
interface Made {
  readonly datasetId: string;
  readonly token: string;
}

/** In the sandbox: what an admin would do in Events Manager, in one press. */
export function Fill({ onFilled }: { onFilled: (made: Made) => void }) {
  const say = useSay();
  const make = useMutation<Made, Error>({
    mutationFn: async () => {
      const init = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
      const answer = await fetch("/sandbox/meta/grant", init);
      if (!answer.ok) throw new Error(texts.failure.status(answer.status));
      return (await answer.json()) as Made;
    },
    onSuccess: (made) => {
      onFilled(made);
      say(words.filled);
    },
  });
  return (
    <div className={classes.fill}>
      <DeedButton busy={words.filling} doing={make.isPending} onDo={() => make.mutate()}>
        {words.fill}
      </DeedButton>
      {make.error && <Refusal what={words.fillFailed} error={make.error} />}
    </div>
  );
}
