import type { ListedDelivery } from "../../api/deliveries.ts";
import { deliveryLooks } from "../deliveries/delivery-looks.ts";
import { toDo } from "../elements/fix.ts";
import { Pill } from "../elements/pill.tsx";
import { texts } from "../texts/texts.ts";
import classes from "./sentence.module.css";

interface Props {
  state: ListedDelivery["state"];
  children: string;
  /** What to do about it. */
  fix: string | undefined;
}

/** How it stands, in one sentence. */
export function Sentence({ state, children, fix }: Props) {
  const todo = toDo(fix);
  return (
    <div className={classes.state}>
      <Pill {...deliveryLooks[state]}>{texts.deliveries.states[state]}</Pill>
      <p className={classes.sentence}>{children}</p>
      {todo && <p className={classes.fix}>{texts.record.fix(todo)}</p>}
    </div>
  );
}
