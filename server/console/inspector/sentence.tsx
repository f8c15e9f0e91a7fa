import type { DeliveryView } from "../../api/schema.ts";
import { deliveryLooks } from "../delivery-looks.ts";
import { Pill } from "../pill.tsx";
import { en as texts } from "../texts/en.ts";
import classes from "./sentence.module.css";

interface Props {
  state: DeliveryView["state"];
  children: string;
  /** What to do about it. */
  fix: string | undefined;
}

/** How it stands, in one sentence. */
export function Sentence({ state, children, fix }: Props) {
  return (
    <div className={classes.state}>
      <Pill {...deliveryLooks[state]}>{texts.deliveries.states[state]}</Pill>
      <p className={classes.sentence}>{children}</p>
      {fix && !fix.startsWith("None") && <p className={classes.fix}>{texts.record.fix(fix)}</p>}
    </div>
  );
}
